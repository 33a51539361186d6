// Package fixwire is a small FIX client. It speaks FIX 4.4 and FIXT.1.1 as an initiator. The load generator and the
// provider simulator use it instead of the gateway's own FIX engine, so that a second implementation tests the
// gateway.
//
// A program builds a [Body] by adding fields. A [Session] numbers it, adds the frame (BeginString 8, BodyLength 9,
// header, CheckSum 10), and keeps it in a [Journal] for a resend. A [Reader] finds messages in a stream and checks
// their frame. Package fixwire does not support data fields, whose value may contain the separator (such as RawData
// 96).
package fixwire

// BeginStrings (tag 8).
const (
	FIX44   = "FIX.4.4"
	FIXT11  = "FIXT.1.1"
	fix50S2 = "9" // DefaultApplVerID (tag 1137): FIX 5.0 SP2
)

// Message types (tag 35) of the session layer.
const (
	heartbeat     = "0"
	testRequest   = "1"
	resendRequest = "2"
	sequenceReset = "4"
	logout        = "5"
	logon         = "A"
)

// Tags of the frame, the header and the session layer.
const (
	tagBeginSeqNo      = 7
	tagBeginString     = 8
	tagBodyLength      = 9
	tagCheckSum        = 10
	tagEndSeqNo        = 16
	tagMsgSeqNum       = 34
	tagMsgType         = 35
	tagNewSeqNo        = 36
	tagPossDup         = 43
	tagSender          = 49
	tagSendingTime     = 52
	tagTarget          = 56
	tagText            = 58
	tagEncryptMethod   = 98
	tagHeartBtInt      = 108
	tagTestReqID       = 112
	tagOrigSendingTime = 122
	tagGapFill         = 123
	tagResetSeqNum     = 141
	tagUsername        = 553
	tagPassword        = 554
	tagApplVerID       = 1137
)

const separator = 0x01 // SOH, between fields

// timestamp is UTCTimestamp with milliseconds (FIX 4.4, volume 1).
const timestamp = "20060102-15:04:05.000"
