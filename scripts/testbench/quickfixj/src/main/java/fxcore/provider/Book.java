package fxcore.provider;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** What was asked and how it was answered. A request is settled by exactly one final answer. */
final class Book {
    private final Ledger ledger;
    private final Map<String, Request> requests = new ConcurrentHashMap<>();
    private final Map<String, List<Answer>> finals = new ConcurrentHashMap<>();
    private final Map<String, Integer> pendings = new ConcurrentHashMap<>();
    private final Set<String> strays = ConcurrentHashMap.newKeySet();

    Book(Ledger ledger) {
        this.ledger = ledger;
    }

    void sent(Request r, int attempt) {
        requests.put(r.reference(), r);
        ledger.sent(r, attempt);
    }

    /** Notes an answer and returns its request if this is the request's first final answer, else null. */
    Request received(Answer a) {
        ledger.received(a);
        Request r = requests.get(a.reference());
        if (r == null) {
            strays.add(a.form() + " " + a.reference() + " " + a.text());
            return null;
        }
        if (!a.last()) {
            pendings.merge(a.reference(), 1, Integer::sum);
            return null;
        }
        List<Answer> all = finals.computeIfAbsent(a.reference(), ref -> new ArrayList<>());
        synchronized (all) {
            all.add(a);
            return all.size() == 1 ? r : null;
        }
    }

    Request request(String reference) {
        return requests.get(reference);
    }

    int answered() {
        return finals.size();
    }

    /** Prints the figures and tells whether every request was finally answered exactly once, and none refused. */
    boolean summary(boolean finished, double seconds) {
        Map<String, Integer> outcomes = new TreeMap<>();
        int doubled = 0;
        for (List<Answer> all : finals.values()) {
            Answer first = all.get(0);
            outcomes.merge(first.form() + " " + first.state(), 1, Integer::sum);
            doubled += all.size() > 1 ? 1 : 0;
        }
        int lost = requests.size() - finals.size();
        long refused = finals.values().stream().filter(all -> all.get(0).state().equals("refused")).count();
        boolean good = finished && lost == 0 && doubled == 0 && refused == 0 && strays.isEmpty();
        System.out.printf("{\"sent\":%d,\"answered\":%d,\"lost\":%d,\"doubled\":%d,\"refused\":%d,\"strays\":%d,\"pending\":%d,"
                        + "\"seconds\":%.1f,\"per_second\":%.0f,\"outcomes\":{%s},\"ok\":%b}%n",
                requests.size(), finals.size(), lost, doubled, refused, strays.size(), pendings.size(), seconds,
                finals.size() / seconds, figures(outcomes), good);
        complain(lost);
        return good;
    }

    private static String figures(Map<String, Integer> outcomes) {
        return String.join(",", outcomes.entrySet().stream().map(e -> "\"" + e.getKey() + "\":" + e.getValue()).toList());
    }

    /** Names the first few that went wrong. */
    private void complain(int lost) {
        if (lost > 0) {
            requests.keySet().stream().filter(ref -> !finals.containsKey(ref)).sorted().limit(10)
                    .forEach(ref -> System.err.println("no final answer: " + ref));
        }
        finals.entrySet().stream().filter(e -> e.getValue().size() > 1).limit(10)
                .forEach(e -> System.err.println("more than one final answer: " + e.getKey()));
        finals.values().stream().map(all -> all.get(0)).filter(a -> a.state().equals("refused")).limit(10)
                .forEach(a -> System.err.println("refused: " + a.reference() + " " + a.form() + " " + a.reason() + " " + a.text()));
        strays.stream().limit(10).forEach(s -> System.err.println("answer to nothing sent: " + s));
    }
}
