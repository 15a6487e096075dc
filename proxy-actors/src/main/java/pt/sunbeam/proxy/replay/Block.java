package pt.sunbeam.proxy.replay;

import java.util.List;

/**
 * Why one detector blocked a request.
 *
 * @param path what decided, as the report counts it
 * @param reasons at most three features with their values, "name=value", strongest first
 */
record Block(String path, List<String> reasons) {}
