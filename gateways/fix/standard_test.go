package main

import (
	"bytes"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"

	"github.com/quickfixgo/quickfix"
	"github.com/quickfixgo/quickfix/datadictionary"

	"fxcore/gateways/fix/internal/wire"
)

// standard is what an engine with QuickFIX's own dictionaries and validation takes.
type standard struct {
	transport, app *datadictionary.DataDictionary
	validator      quickfix.Validator
}

// standards has both versions, by BeginString. It reads them once.
var standards = sync.OnceValues(func() (map[string]standard, error) {
	folder, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/quickfixgo/quickfix").Output() //nolint:noctx // ends by itself
	if err != nil {
		return nil, fmt.Errorf("find QuickFIX: %w", err)
	}
	parse := func(name string) (*datadictionary.DataDictionary, error) {
		return datadictionary.Parse(filepath.Join(strings.TrimSpace(string(folder)), "spec", name))
	}
	old, err := parse("FIX44.xml")
	if err != nil {
		return nil, err
	}
	transport, err := parse("FIXT11.xml")
	if err != nil {
		return nil, err
	}
	app, err := parse("FIX50SP2.xml")
	if err != nil {
		return nil, err
	}
	settings := quickfix.ValidatorSettings{CheckFieldsOutOfOrder: true, RejectInvalidMessage: true, CheckUserDefinedFields: true}
	return map[string]standard{
		"FIX.4.4":  {old, old, quickfix.NewValidator(settings, old, nil)},
		"FIXT.1.1": {transport, app, quickfix.NewValidator(settings, app, transport)},
	}, nil
})

// additions are message types that the rules of engagement agree, and that no dictionary of QuickFIX has.
var additions = map[string]bool{"UDG": true, "DG": true}

// notStandard returns why an engine with the standard dictionaries would refuse a message of the gateway; nil if it takes it.
func notStandard(raw []byte) error {
	if additions[string(wire.Value(raw, "35="))] {
		return nil
	}
	all, err := standards()
	if err != nil {
		return err
	}
	version := all[string(wire.Value(raw, "8="))]
	m := quickfix.NewMessage()
	if err := quickfix.ParseMessageWithDataDictionary(m, bytes.NewBuffer(raw), version.transport, version.app); err != nil {
		return err
	}
	if err := version.validator.Validate(m); err != nil {
		tag := quickfix.Tag(0)
		if ref := err.RefTagID(); ref != nil {
			tag = *ref
		}
		return fmt.Errorf("the standard dictionary refuses it: %w, tag %d", err, tag)
	}
	return nil
}
