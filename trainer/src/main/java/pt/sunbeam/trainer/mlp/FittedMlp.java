package pt.sunbeam.trainer.mlp;

import java.util.List;
import pt.sunbeam.codegen.Model;

/**
 * A perceptron of integers and the floats it was rounded from.
 *
 * @param latent the floats behind the integers
 * @param natsPerStep what one step of the integer logit was worth in the fit
 * @param courses of the fit, or of each fit of a committee
 * @param device where the fit ran
 */
public record FittedMlp(Model.Mlp mlp, LatentMlp latent, double natsPerStep, List<Course> courses, String device) {
    /**
     * How a fit went.
     *
     * @param trainLoss weighted binary cross entropy in nats, by epoch
     * @param validationLoss the same on the validation rows
     * @param bestEpoch the epoch that was kept, from 1
     */
    public record Course(List<Double> trainLoss, List<Double> validationLoss, int bestEpoch) {
        public Course {
            trainLoss = List.copyOf(trainLoss);
            validationLoss = List.copyOf(validationLoss);
        }
    }

    public FittedMlp {
        courses = List.copyOf(courses);
    }

    /**
     * One perceptron that says the mean of its members' logits: their hidden units side by side, a step worth as many times less. Members that differ by their start and the order
     * of rows err differently where rows are few (Hansen and Salamon, IEEE PAMI 12, 1990).
     *
     * @param members fitted with the same settings but for the seed, at least one
     */
    static FittedMlp committee(List<FittedMlp> members) {
        var first = members.getFirst();
        return new FittedMlp(
                new Model.Mlp(
                        members.stream()
                                .flatMap(member -> member.mlp.hidden().stream())
                                .toList(),
                        first.mlp.shift(),
                        members.stream()
                                .mapToInt(member -> member.mlp.outputBias())
                                .sum()),
                LatentMlp.sum(members.stream().map(FittedMlp::latent).toList()),
                first.natsPerStep / members.size(),
                members.stream().flatMap(member -> member.courses.stream()).toList(),
                first.device);
    }
}
