package answers

import (
	"bytes"
	"strconv"

	"github.com/quickfixgo/quickfix"

	"fxcore/gateways/internal/store"
)

const (
	tagMsgType quickfix.Tag = 35
	soh                     = "\x01"
)

// rebuilt returns a stored answer as a message, with its fields in their first order. It puts the whole body into the message's
// first field. Otherwise quickfix would sort the fields, and would need the dictionary to keep repeating groups together.
func rebuilt(a store.Answer) *quickfix.Message {
	msg := quickfix.NewMessage()
	msg.Header.SetString(tagMsgType, a.Kind)
	tag, rest, _ := bytes.Cut(bytes.TrimSuffix(a.Body, []byte(soh)), []byte("="))
	if first, err := strconv.Atoi(string(tag)); err == nil {
		msg.Body.SetBytes(quickfix.Tag(first), rest)
	}
	return msg
}
