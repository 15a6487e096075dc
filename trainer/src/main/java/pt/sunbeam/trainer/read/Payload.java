package pt.sunbeam.trainer.read;

/**
 * A value that a parameter may have, as published: some are percent-encoded already.
 *
 * @param text in ISO-8859-1, each character a byte; not empty
 * @param family of an attack, such as "sqli", "xss", "traversal", "cmdexe"; "benign" for what is none
 * @param line of the file, from 1
 */
public record Payload(String text, String family, boolean attack, long line) {}
