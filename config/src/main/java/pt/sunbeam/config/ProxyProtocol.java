package pt.sunbeam.config;

/** The versions of the PROXY protocol: a line of text, or binary. */
public enum ProxyProtocol {
    V1,
    V2
}
