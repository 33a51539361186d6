package fxcore.provider;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * One request. Form is the FIX message type; product and action tell what it asks; target is the reference of the
 * reservation that a consumption or cancellation names.
 */
record Request(String session, String reference, String form, String product, String action, String target,
               String client, Rates.Rate rate, String currency, boolean buy, BigDecimal amount) {

    /** What a client pays on the mid. The market moves while the program runs, and the core allows little where the client gains. */
    private static final BigDecimal MARGIN = new BigDecimal("0.00012");

    /** The rate of the trade, of a swap that of its near leg. */
    BigDecimal price() {
        BigDecimal mid = product.equals("forward") ? rate.forward() : rate.mid();
        boolean buysBase = buy == currency.equals(rate.base());
        BigDecimal paid = buysBase ? BigDecimal.ONE.add(MARGIN) : BigDecimal.ONE.subtract(MARGIN);
        return mid.multiply(paid).setScale(rate.quote().equals("JPY") ? 3 : 5, RoundingMode.HALF_UP);
    }

    /** The rate of a swap's far leg, of which the market's rate is given: the near rate and the market's points. */
    BigDecimal farPrice(BigDecimal far) {
        return price().add(far.subtract(rate.mid()));
    }

    boolean check() {
        return !action.isEmpty();
    }

    boolean reserves() {
        return action.equals("reserve");
    }

    String side() {
        return buy ? "1" : "2";
    }

    String otherSide() {
        return buy ? "2" : "1";
    }
}
