package fxcore.provider;

import java.math.BigDecimal;

/** What is sent, by number: the same numbers always make the same requests. */
final class Mix {
    private final Options options;
    private final Rates rates;
    private final String session;

    Mix(String session, Options options, Rates rates) {
        this.session = session;
        this.options = options;
        this.rates = rates;
    }

    /** Of twenty: nine spot orders, three forwards, two swaps by legs, one swap as one order (4.4), two reports, three checks. */
    Request next(int number) {
        return switch (number % 20) {
            case 0, 7, 14 -> check(number);
            case 3, 10, 17 -> order(number, "D", "forward");
            case 5, 12 -> order(number, "AB", "swap");
            case 8 -> order(number, swapInOne() ? "D" : "AB", "swap");
            case 2, 15 -> order(number, "AE", "spot");
            default -> plain(number);
        };
    }

    Request plain(int number) {
        return order(number, "D", "spot");
    }

    /** A swap as one order has its far leg by date alone, which must be given: this program has no calendar. */
    private boolean swapInOne() {
        return Options.speaks44(session) && !options.farDate().isEmpty();
    }

    private Request order(int number, String form, String product) {
        return request(number, reference(number), form, product, "", "");
    }

    private Request check(int number) {
        String product = number % 2 == 0 ? "spot" : "forward";
        return request(number, reference(number), checkForm(), product, "reserve", "");
    }

    /** Two of three reservations are consumed, the third is cancelled. */
    Request follow(int number, Request reserved) {
        String action = number % 3 == 0 ? "cancel" : "consume";
        return new Request(session, reference(number), checkForm(), reserved.product(), action, reserved.reference(),
                reserved.client(), reserved.rate(), reserved.currency(), reserved.buy(), reserved.amount());
    }

    private Request request(int number, String reference, String form, String product, String action, String target) {
        Rates.Rate rate = rates.at(number / 3 + session.hashCode() % 7 + 7);
        boolean dealsQuote = number % 5 == 1 && !rate.quote().equals("JPY");
        String client = options.clients().get(number % options.clients().size());
        BigDecimal amount = BigDecimal.valueOf(10_000L + 1_000L * (number % 490));
        return new Request(session, reference, form, product, action, target, client, rate,
                dealsQuote ? rate.quote() : rate.base(), number % 2 == 0, amount);
    }

    private String checkForm() {
        return Options.speaks44(session) ? "UDF" : "DF";
    }

    private String reference(int number) {
        return session + "-" + Run.ID + "-" + number;
    }
}
