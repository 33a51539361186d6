package messages

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"fxcore/lambda/event"
	"fxcore/services/contract"
)

// Requested is the data of static.requested.
type Requested struct {
	Set          string `json:"set"`
	KnownVersion int64  `json:"known_version"` // what Redis holds, 0 for none: the same one need not be sent again
}

// Delivered is what datasync reads of static.delivered.
type Delivered struct {
	Set     string                     `json:"set"`
	Version int64                      `json:"version"` // grows with each change of the set
	AsOf    time.Time                  `json:"as_of"`   // the mainframe's time for which the records hold
	Page    int                        `json:"page"`    // from 1
	Pages   int                        `json:"pages"`   // 0: the version is the known one, only AsOf is news
	Records map[string]json.RawMessage `json:"records"`

	ContentSignature string `json:"content_signature"` // the origin's, which readers check: see mirror.Signer
	HeldSignature    string `json:"held_signature"`
}

// maxVersion is the largest version that the mainframe's records hold. Redis compares versions as floating-point numbers, which are
// exact up to it.
const maxVersion = 999_999_999_999_999

// ReadDelivered decodes a page of a set. An error means that it can never be handled.
func ReadDelivered(e event.Event) (Delivered, error) {
	var d Delivered
	if e.Type != contract.StaticDelivered {
		return d, fmt.Errorf("read %s %s: not a delivered set", e.Type, e.ID)
	}
	if err := e.Read(&d); err != nil {
		return d, err
	}
	switch {
	case !isName(d.Set):
		return d, fmt.Errorf("read %s %s: %q is not a set's name", e.Type, e.ID, d.Set)
	case d.Version < 1 || d.Version > maxVersion || d.AsOf.IsZero():
		return d, fmt.Errorf("read %s %s: no version or time, or a version above %d", e.Type, e.ID, maxVersion)
	case !isSignature(d.ContentSignature) || !isSignature(d.HeldSignature):
		return d, fmt.Errorf("read %s %s: a signature is not in base64", e.Type, e.ID)
	case d.Pages < 0 || d.Pages > 0 && (d.Page < 1 || d.Page > d.Pages):
		return d, fmt.Errorf("read %s %s: page %d of %d", e.Type, e.ID, d.Page, d.Pages)
	}
	return d, nil
}

// isSignature tells whether a signature may be kept: base64, or nothing.
func isSignature(text string) bool {
	_, err := base64.StdEncoding.DecodeString(text)
	return err == nil && len(text) <= maxSignature && !strings.ContainsAny(text, "\r\n")
}

const maxSignature = 128

// isName tells whether a set may be called so: small letters, since the name becomes part of keys.
func isName(set string) bool {
	for _, c := range []byte(set) {
		if c < 'a' || c > 'z' {
			return false
		}
	}
	return set != "" && len(set) <= 32
}
