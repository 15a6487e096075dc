package pt.sunbeam.trainer.evaluate;

/** A bootstrap interval of 95 %. */
public record Interval(double low, double high) {}
