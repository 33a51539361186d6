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

// rebuilt makes a message of an answer as it was sent. The whole body goes into its first field: quickfix sorts fields
// and would need the dictionary to keep repeating groups together, and this way it writes them as they were.
func rebuilt(a store.Answer) *quickfix.Message {
	msg := quickfix.NewMessage()
	msg.Header.SetString(tagMsgType, a.Kind)
	tag, rest, _ := bytes.Cut(bytes.TrimSuffix(a.Body, []byte(soh)), []byte("="))
	if first, err := strconv.Atoi(string(tag)); err == nil {
		msg.Body.SetBytes(quickfix.Tag(first), rest)
	}
	return msg
}
