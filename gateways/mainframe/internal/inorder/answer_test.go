package inorder_test

import (
	"strings"
	"testing"

	"fxcore/gateways/mainframe/internal/inorder"
	"fxcore/gateways/mainframe/internal/records"
	"fxcore/gateways/mainframe/internal/wire"
)

// Without its text a refusal says enough. Asked again and again, it would hold up everything behind it.
func TestARefusalWhoseTextCannotBeReadIsARefusal(t *testing.T) {
	layouts, err := records.NewLayouts()
	if err != nil {
		t.Fatal(err)
	}
	const id = "512dfb2d-ca85-8113-b8d7-b78523ae4a16"
	body, err := layouts.Refusal.Append(nil, records.Refusal{ID: id, Text: "no"})
	if err != nil {
		t.Fatal(err)
	}
	body[len(body)-1] = 0x00 // no character
	answer := wire.Frame{Header: wire.Header{Kind: wire.Answer, Function: wire.Book, Count: 1, Code: wire.Refused, Reason: "NOACCT"}, Body: body}
	got, err := inorder.Refusal(layouts, id, answer)
	if err != nil || got.ID != id || !strings.Contains(got.Text, "cannot be read") {
		t.Errorf("%+v, %v", got, err)
	}
	body[2] = 0x00 // nor can the id be read
	if _, err := inorder.Refusal(layouts, id, answer); err == nil {
		t.Error("a refusal of an unreadable id is accepted")
	}
}
