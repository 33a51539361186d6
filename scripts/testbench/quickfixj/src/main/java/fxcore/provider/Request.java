package fxcore.provider;

import java.math.BigDecimal;

/**
 * One request. Form is the FIX message type; product and action tell what it asks; target is the reference of the
 * reservation that a consumption or cancellation names.
 */
record Request(String session, String reference, String form, String product, String action, String target,
               String client, Rates.Rate rate, String currency, boolean buy, BigDecimal amount) {

    /** The rate of the trade, of a swap that of its near leg. */
    BigDecimal price() {
        return product.equals("forward") ? rate.forward() : rate.mid();
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
