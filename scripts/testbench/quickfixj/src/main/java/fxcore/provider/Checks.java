package fxcore.provider;

/** Tags of the line check messages, which this engine's message classes do not have. */
final class Checks {
    static final int REQUEST_ID = 2318; // RiskLimitCheckRequestID
    static final int CHECK_ID = 2319;   // RiskLimitCheckID
    static final int TRANS_TYPE = 2320; // RiskLimitCheckTransType
    static final int TYPE = 2321;       // RiskLimitCheckType
    static final int REF_ID = 2322;     // RiskLimitCheckRequestRefID
    static final int AMOUNT = 2324;     // RiskLimitCheckAmount
    static final int STATUS = 2325;     // RiskLimitCheckRequestStatus
    static final int RESULT = 2326;     // RiskLimitCheckRequestResult
    static final int REJECT_TEXT = 1328;

    private Checks() {
    }
}
