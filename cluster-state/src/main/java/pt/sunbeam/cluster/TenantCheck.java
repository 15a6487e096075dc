package pt.sunbeam.cluster;

import com.typesafe.config.Config;
import java.util.List;
import org.apache.pekko.cluster.ConfigValidation;
import org.apache.pekko.cluster.JoinConfigCompatChecker;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** Lets only nodes of the same tenant join each other; started by Pekko by its class name. */
public final class TenantCheck extends JoinConfigCompatChecker {
    static final String TENANT = "sunbeam.cluster.tenant";

    @Override
    public Seq<String> requiredKeys() {
        return CollectionConverters.asScala(List.of(TENANT)).toSeq();
    }

    @Override
    public ConfigValidation check(Config toCheck, Config actualConfig) {
        return JoinConfigCompatChecker.fullMatch(requiredKeys(), toCheck, actualConfig);
    }
}
