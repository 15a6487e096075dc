package pt.sunbeam.trainer.dataset;

/** A row of a dataset file: what was sent, where it comes from, and whether it is an attack. It holds no label in what was sent. */
public sealed interface LabelledRow permits RequestRow, WindowRow {
    Origin origin();

    boolean attack();

    /** In the fit, on top of the balance of classes and sites: 1 for own traffic, less for what others recorded or a program made. */
    double weight();
}
