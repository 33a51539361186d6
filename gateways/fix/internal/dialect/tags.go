package dialect

import "github.com/quickfixgo/quickfix"

// Tags, by their FIX names.
const (
	tagAccount               quickfix.Tag = 1
	tagAvgPx                 quickfix.Tag = 6
	tagClOrdID               quickfix.Tag = 11
	tagCumQty                quickfix.Tag = 14
	tagCurrency              quickfix.Tag = 15
	tagExecID                quickfix.Tag = 17
	tagLastPx                quickfix.Tag = 31
	tagLastQty               quickfix.Tag = 32
	tagMsgType               quickfix.Tag = 35
	tagOrderID               quickfix.Tag = 37
	tagOrderQty              quickfix.Tag = 38
	tagOrdStatus             quickfix.Tag = 39
	tagOrdType               quickfix.Tag = 40
	tagPrice                 quickfix.Tag = 44
	tagSide                  quickfix.Tag = 54
	tagSymbol                quickfix.Tag = 55
	tagText                  quickfix.Tag = 58
	tagTransactTime          quickfix.Tag = 60
	tagValidUntilTime        quickfix.Tag = 62
	tagSettlType             quickfix.Tag = 63
	tagSettlDate             quickfix.Tag = 64
	tagTradeDate             quickfix.Tag = 75
	tagOrdRejReason          quickfix.Tag = 103
	tagQuoteID               quickfix.Tag = 117
	tagSettlCurrAmt          quickfix.Tag = 119
	tagSettlCurrency         quickfix.Tag = 120
	tagExpireTime            quickfix.Tag = 126
	tagExecType              quickfix.Tag = 150
	tagLeavesQty             quickfix.Tag = 151
	tagSecurityType          quickfix.Tag = 167
	tagOrderQty2             quickfix.Tag = 192
	tagSettlDate2            quickfix.Tag = 193
	tagLastSpotRate          quickfix.Tag = 194
	tagLastForwardPoints     quickfix.Tag = 195
	tagMultiLegReportingType quickfix.Tag = 442
	tagPartyIDSource         quickfix.Tag = 447
	tagPartyID               quickfix.Tag = 448
	tagPartyRole             quickfix.Tag = 452
	tagNoPartyIDs            quickfix.Tag = 453
	tagTradeReportTransType  quickfix.Tag = 487
	tagMaturityDate          quickfix.Tag = 541
	tagNoSides               quickfix.Tag = 552
	tagNoLegs                quickfix.Tag = 555
	tagLegCurrency           quickfix.Tag = 556
	tagLegPrice              quickfix.Tag = 566
	tagTradeReportID         quickfix.Tag = 571
	tagLegSettlType          quickfix.Tag = 587
	tagLegSettlDate          quickfix.Tag = 588
	tagLegSymbol             quickfix.Tag = 600
	tagLegSecurityType       quickfix.Tag = 609
	tagLegSide               quickfix.Tag = 624
	tagLegLastPx             quickfix.Tag = 637
	tagPrice2                quickfix.Tag = 640
	tagLastForwardPoints2    quickfix.Tag = 641
	tagLegRefID              quickfix.Tag = 654
	tagLegOrderQty           quickfix.Tag = 685
	tagLegQty                quickfix.Tag = 687
	tagTradeReportReason     quickfix.Tag = 751 // TradeReportRejectReason
	tagSecondaryReportID     quickfix.Tag = 818 // SecondaryTradeReportID
	tagTradeReportType       quickfix.Tag = 856
	tagTrdRptStatus          quickfix.Tag = 939
	tagTradeID               quickfix.Tag = 1003
	tagCalculatedCcyLastQty  quickfix.Tag = 1056
	tagSwapPoints            quickfix.Tag = 1069
	tagLastSwapPoints        quickfix.Tag = 1071
	tagLegLastForwardPoints  quickfix.Tag = 1073
	tagLegCalculatedQty      quickfix.Tag = 1074 // LegCalculatedCcyLastQty
	tagRejectText            quickfix.Tag = 1328
	tagLegLastQty            quickfix.Tag = 1418
	tagNoRelatedParties      quickfix.Tag = 1562 // NoRelatedPartyDetailID
	tagNoLimitAmts           quickfix.Tag = 1630
	tagLimitAmtType          quickfix.Tag = 1631
	tagLastLimitAmt          quickfix.Tag = 1632
	tagLimitAmtRemaining     quickfix.Tag = 1633
	tagLimitAmtCurrency      quickfix.Tag = 1634
	tagNoRequestingParties   quickfix.Tag = 1657 // NoRequestingPartyIDs
	tagCheckRequestID        quickfix.Tag = 2318 // RiskLimitCheckRequestID
	tagCheckID               quickfix.Tag = 2319 // RiskLimitCheckID
	tagRefOrderID            quickfix.Tag = 1080 // RefOrderID
	tagRefOrderIDSource      quickfix.Tag = 1081 // RefOrderIDSource
	tagCheckTransType        quickfix.Tag = 2320 // RiskLimitCheckTransType
	tagCheckType             quickfix.Tag = 2321 // RiskLimitCheckType
	tagCheckRefID            quickfix.Tag = 2322 // RiskLimitCheckRequestRefID
	tagCheckRequestType      quickfix.Tag = 2323 // RiskLimitCheckRequestType
	tagCheckAmount           quickfix.Tag = 2324 // RiskLimitCheckAmount
	tagCheckStatus           quickfix.Tag = 2325 // RiskLimitCheckRequestStatus
	tagCheckResult           quickfix.Tag = 2326 // RiskLimitCheckRequestResult
	tagApprovedAmount        quickfix.Tag = 2327 // RiskLimitApprovedAmount
	tagUsedCheckID           quickfix.Tag = 2334 // RefRiskLimitCheckID
	tagUsedCheckIDType       quickfix.Tag = 2335 // RefRiskLimitCheckIDType
)

// Message forms, values of MsgType(35).
const (
	formOrder       = "D"
	formMultileg    = "AB"
	formReport      = "AE"
	formCheck       = "DF"
	formCheck44     = "UDF" // user-defined in FIX 4.4: DF with the same tags
	formExecution   = "8"
	formReportAck   = "AR"
	formCheckAck    = "DG"
	formCheckAck44  = "UDG"
	beginStringFIXT = quickfix.BeginStringFIXT11
)
