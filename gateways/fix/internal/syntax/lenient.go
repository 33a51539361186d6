package syntax

import (
	"bytes"
	"slices"
	"strconv"
	"time"

	"fxcore/gateways/fix/internal/wire"
)

// required is a field that the engine demands, with the value that it gets if the provider sent none.
type required struct {
	tag   int
	value string
}

// lenient are the message types that are never refused, with the fields that the engine gets of them. A Reject that is answered
// by a Reject could go on for ever, and a Logout ends the session whatever else it says.
var lenient = map[string]struct {
	body []int
	must []required
}{
	"3": {[]int{tagRefSeqNum, tagRefTagID, tagRefMsgType, tagRejectReason, tagText}, []required{{tagRefSeqNum, "0"}}},
	"5": {[]int{tagText}, nil},
	"j": {[]int{tagRefSeqNum, tagRefMsgType, tagBusinessRejectID, tagBusinessReason, tagText}, []required{{tagRefMsgType, "unknown"}, {tagBusinessReason, "0"}}},
}

// header are the header's fields that the engine gets of such a message.
var header = []int{tagMsgType, tagMsgSeqNum, tagSenderCompID, tagTargetCompID, tagSendingTime, tagPossDupFlag, tagOrigSendingTime}

// Lenient returns a Reject, a Logout or a BusinessMessageReject with the fields that the engine needs and nothing that it would
// refuse. It returns false for any other message.
func (r *Rules) Lenient(msg []byte) (forEngine []byte, is bool) {
	rule, is := lenient[string(wire.Value(msg, "35="))]
	if !is {
		return nil, false
	}
	given := r.sound(msg)
	for _, m := range rule.must {
		given.complete(m.tag, m.value)
	}
	given[tagSendingTime] = string(wire.AppendTimestamp(nil, time.Now().UTC()))
	if given[tagPossDupFlag] != "" {
		given[tagOrigSendingTime] = given[tagSendingTime]
	} else {
		delete(given, tagOrigSendingTime)
	}
	var body []byte
	for _, tag := range slices.Concat(header, rule.body) {
		if value := given[tag]; value != "" {
			body = wire.AppendField(body, tag, value)
		}
	}
	return wire.Build(given[tagBeginString], body), true
}

type values map[int]string

func (v values) complete(tag int, value string) {
	if v[tag] == "" {
		v[tag] = value
	}
}

// sound returns the first value of each field that has the form of its type.
func (r *Rules) sound(msg []byte) values {
	given := values{}
	for field := range bytes.SplitSeq(msg, []byte{soh}) {
		text, value, _ := bytes.Cut(field, []byte{'='})
		tag, err := strconv.Atoi(string(text))
		if err != nil || given[tag] != "" || !r.isSound(tag, value) {
			continue
		}
		given[tag] = string(value)
		if instead, _ := r.value(tag, value); instead != nil {
			given[tag] = string(instead)
		}
	}
	return given
}

func (r *Rules) isSound(tag int, value []byte) bool {
	if tag == tagPossDupFlag && string(value) != "Y" {
		return false
	}
	if r.kind(tag) == integer && !isInteger(value) {
		return false
	}
	_, why := r.value(tag, value)
	return why == nil
}
