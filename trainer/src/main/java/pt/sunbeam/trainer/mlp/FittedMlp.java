package pt.sunbeam.trainer.mlp;

import java.util.List;
import pt.sunbeam.codegen.Model;

/**
 * A perceptron of integers and the floats it was rounded from.
 *
 * @param latent the floats behind the integers
 * @param natsPerStep what one step of the integer logit was worth in the fit
 * @param trainLoss weighted binary cross entropy in nats, by epoch
 * @param validationLoss the same on the validation rows
 * @param bestEpoch the epoch that was kept, from 1
 * @param device where the fit ran
 */
public record FittedMlp(
        Model.Mlp mlp,
        LatentMlp latent,
        double natsPerStep,
        List<Double> trainLoss,
        List<Double> validationLoss,
        int bestEpoch,
        String device) {
    public FittedMlp {
        trainLoss = List.copyOf(trainLoss);
        validationLoss = List.copyOf(validationLoss);
    }
}
