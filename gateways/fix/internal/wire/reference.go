package wire

// references are the tags of the provider's own references: ClOrdID, TradeReportID, RiskLimitCheckRequestID.
var references = []string{"11=", "571=", "2318="}

// Reference returns the provider's own reference of a request that may break the rules; empty if it has none.
func Reference(msg []byte) string {
	for _, tag := range references {
		if value := Value(msg, tag); value != nil {
			return string(value)
		}
	}
	return ""
}
