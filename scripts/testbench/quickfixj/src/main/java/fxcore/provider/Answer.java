package fxcore.provider;

import quickfix.FieldMap;
import quickfix.FieldNotFound;
import quickfix.Message;

import java.util.Map;

/**
 * One answer, as far as it is judged. State is pending, accepted, rejected, refused (Reject, BusinessMessageReject) or
 * busy (BusinessMessageReject 380=4: to be sent again).
 */
record Answer(String session, String reference, String form, String state, String id, String execId, String reason,
              String text, String sequence, boolean possDup) {

    private static final Map<String, String> EXECUTION = Map.of("A", "pending", "F", "accepted", "8", "rejected");
    private static final Map<String, String> REPORT = Map.of("0", "accepted", "1", "rejected");
    private static final Map<String, String> CHECK = Map.of("0", "accepted", "4", "accepted", "2", "rejected");

    boolean last() {
        return !state.equals("pending") && !state.equals("busy");
    }

    static Answer of(String session, Message m) {
        String form = text(m.getHeader(), 35);
        return switch (form) {
            case "8" -> of(session, m, 11, EXECUTION.getOrDefault(text(m, 150), "unknown"), 37, 103, 58);
            case "AR" -> of(session, m, 571, REPORT.getOrDefault(text(m, 939), "unknown"), m.isSetField(1003) ? 1003 : 818, 751, 58);
            case "DG", "UDG" -> of(session, m, Checks.REQUEST_ID, CHECK.getOrDefault(text(m, Checks.STATUS), "unknown"),
                    Checks.CHECK_ID, Checks.RESULT, Checks.REJECT_TEXT);
            case "j" -> of(session, m, 379, text(m, 380).equals("4") ? "busy" : "refused", 45, 380, 58);
            default -> of(session, m, 379, "refused", 45, 373, 58);
        };
    }

    private static Answer of(String session, Message m, int reference, String state, int id, int reason, int why) {
        return new Answer(session, text(m, reference), text(m.getHeader(), 35), state, text(m, id), text(m, 17),
                text(m, reason), text(m, why), text(m.getHeader(), 34), text(m.getHeader(), 43).equals("Y"));
    }

    private static String text(FieldMap fields, int tag) {
        try {
            return fields.isSetField(tag) ? fields.getString(tag) : "";
        } catch (FieldNotFound e) {
            return "";
        }
    }
}
