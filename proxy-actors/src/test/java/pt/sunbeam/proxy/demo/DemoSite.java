package pt.sunbeam.proxy.demo;

/** The demo's site without the proxy, for attack tools and browsers that come through a proxy of their own. */
public final class DemoSite {
    private DemoSite() {}

    /** Starts it on a free loopback port, which it returns; it runs until the process ends. */
    public static int start() {
        return Site.start("/metrics").port();
    }
}
