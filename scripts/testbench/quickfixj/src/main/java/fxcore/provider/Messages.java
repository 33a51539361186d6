package fxcore.provider;

import quickfix.FieldNotFound;
import quickfix.Group;
import quickfix.Message;
import quickfix.field.Account;
import quickfix.field.ClOrdID;
import quickfix.field.Currency;
import quickfix.field.LastPx;
import quickfix.field.LastQty;
import quickfix.field.LegCurrency;
import quickfix.field.LegPrice;
import quickfix.field.LegRefID;
import quickfix.field.LegSettlType;
import quickfix.field.LegSide;
import quickfix.field.LegSymbol;
import quickfix.field.MsgType;
import quickfix.field.NoLegs;
import quickfix.field.NoPartyIDs;
import quickfix.field.NoSides;
import quickfix.field.OrdType;
import quickfix.field.OrderID;
import quickfix.field.OrderQty;
import quickfix.field.OrderQty2;
import quickfix.field.PartyID;
import quickfix.field.PartyIDSource;
import quickfix.field.PartyRole;
import quickfix.field.PreviouslyReported;
import quickfix.field.Price;
import quickfix.field.Price2;
import quickfix.field.SettlDate2;
import quickfix.field.SettlType;
import quickfix.field.Side;
import quickfix.field.Symbol;
import quickfix.field.TradeDate;
import quickfix.field.TradeReportID;
import quickfix.field.TransactTime;

import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Requests as FIX messages. Tenors are given, never dates: 63=0 is spot, W1 a week, so that no calendar is needed. */
final class Messages {
    private static final DateTimeFormatter DAY = DateTimeFormatter.BASIC_ISO_DATE;
    private static final String FORWARD_TENOR = "W1";
    private static final int LEG_QTY_44 = 687;
    private static final int LEG_ORDER_QTY_50 = 685;

    private final String farDate;

    Messages(String farDate) {
        this.farDate = farDate;
    }

    static String type(Message m) {
        try {
            return m.getHeader().getString(MsgType.FIELD);
        } catch (FieldNotFound e) {
            return "";
        }
    }

    Message of(Request r) {
        Message m = new Message();
        m.getHeader().setString(MsgType.FIELD, r.form());
        LocalDateTime now = LocalDateTime.now(ZoneOffset.UTC);
        m.setUtcTimeStamp(TransactTime.FIELD, now, true);
        if (r.check()) {
            return check(m, r);
        }
        m.setString(Symbol.FIELD, r.rate().pair());
        return switch (r.form()) {
            case "AE" -> report(m, r, now);
            case "AB" -> legs(order(m, r), r);
            default -> single(order(m, r), r);
        };
    }

    private static Message order(Message m, Request r) {
        m.setString(ClOrdID.FIELD, r.reference());
        m.setString(Account.FIELD, r.client());
        m.setString(Side.FIELD, r.side());
        m.setString(OrderQty.FIELD, r.amount().toPlainString());
        m.setString(OrdType.FIELD, "2");
        m.setString(Currency.FIELD, r.currency());
        return m;
    }

    private Message single(Message m, Request r) {
        m.setString(Price.FIELD, r.price().toPlainString());
        m.setString(SettlType.FIELD, r.product().equals("forward") ? FORWARD_TENOR : "0");
        if (r.product().equals("swap")) {
            m.setString(OrdType.FIELD, "G");
            m.setString(SettlDate2.FIELD, farDate);
            m.setString(OrderQty2.FIELD, r.amount().toPlainString());
            m.setString(Price2.FIELD, r.farPrice(r.rate().far()).toPlainString());
        }
        return m;
    }

    private static Message legs(Message m, Request r) {
        m.addGroup(leg(r, r.side(), "0", r.price(), "NEAR"));
        m.addGroup(leg(r, r.otherSide(), FORWARD_TENOR, r.farPrice(r.rate().forward()), "FAR"));
        return m;
    }

    private static Group leg(Request r, String side, String tenor, BigDecimal rate, String id) {
        int quantity = Options.speaks44(r.session()) ? LEG_QTY_44 : LEG_ORDER_QTY_50;
        Group g = new Group(NoLegs.FIELD, LegSymbol.FIELD, new int[]{LegSymbol.FIELD, LegSide.FIELD, LegCurrency.FIELD,
                quantity, LegRefID.FIELD, LegPrice.FIELD, LegSettlType.FIELD, 0});
        g.setString(LegSymbol.FIELD, r.rate().pair());
        g.setString(LegSide.FIELD, side);
        g.setString(LegCurrency.FIELD, r.currency());
        g.setString(quantity, r.amount().toPlainString());
        g.setString(LegRefID.FIELD, id);
        g.setString(LegPrice.FIELD, rate.toPlainString());
        g.setString(LegSettlType.FIELD, tenor);
        return g;
    }

    private static Message report(Message m, Request r, LocalDateTime now) {
        boolean fix44 = Options.speaks44(r.session());
        m.setString(TradeReportID.FIELD, r.reference());
        m.setBoolean(PreviouslyReported.FIELD, false);
        m.setString(LastQty.FIELD, r.amount().toPlainString());
        m.setString(LastPx.FIELD, r.price().toPlainString());
        m.setString(TradeDate.FIELD, now.format(DAY));
        m.setString(SettlType.FIELD, "0");
        Group side = new Group(NoSides.FIELD, Side.FIELD, new int[]{Side.FIELD, OrderID.FIELD, Account.FIELD, Currency.FIELD, 0});
        side.setString(Side.FIELD, r.side());
        side.setString(OrderID.FIELD, "NONE");
        side.setString(Account.FIELD, r.client());
        if (fix44) {
            side.setString(Currency.FIELD, r.currency());
        } else {
            m.setString(Currency.FIELD, r.currency());
        }
        m.addGroup(side);
        return m;
    }

    private static Message check(Message m, Request r) {
        boolean cancel = r.action().equals("cancel");
        m.setString(Checks.REQUEST_ID, r.reference());
        m.setString(Checks.TRANS_TYPE, cancel ? "1" : "0");
        m.setString(Checks.TYPE, r.action().equals("consume") ? "1" : "0");
        Group party = new Group(NoPartyIDs.FIELD, PartyID.FIELD, new int[]{PartyID.FIELD, PartyIDSource.FIELD, PartyRole.FIELD, 0});
        party.setString(PartyID.FIELD, r.client());
        party.setString(PartyIDSource.FIELD, "D");
        party.setString(PartyRole.FIELD, "3");
        m.addGroup(party);
        if (!r.reserves()) {
            m.setString(Checks.REF_ID, r.target());
            return m;
        }
        m.setString(Checks.AMOUNT, r.amount().toPlainString());
        m.setString(Currency.FIELD, r.currency());
        m.setString(Symbol.FIELD, r.rate().pair());
        m.setString(Side.FIELD, r.side());
        m.setString(SettlType.FIELD, r.product().equals("forward") ? FORWARD_TENOR : "0");
        return m;
    }
}
