package contract

import (
	"bytes"
	"encoding/json"
	"fmt"

	"fxcore/lambda/event"
)

// Next returns, as a list of one, the event of type t that e causes. Its data is e's data byte for byte, with one
// section added. So fields that this service does not read are passed on.
func Next(e event.Event, t event.Type, name string, section any) ([]event.Event, error) {
	data, err := WithSection(e.Data, name, section)
	if err != nil {
		return nil, err
	}
	return One(e.Next(t, data))
}

// One puts e in a list of one, the form in which a step returns its events. It passes err on.
func One(e event.Event, err error) ([]event.Event, error) {
	if err != nil {
		return nil, err
	}
	return []event.Event{e}, nil
}

// WithSection adds a section to the data of a message and leaves all other bytes unchanged. It returns an error if the
// data is not a JSON object.
func WithSection(data json.RawMessage, name string, section any) (json.RawMessage, error) {
	encoded, err := json.Marshal(section)
	if err != nil {
		return nil, fmt.Errorf("encode section %s: %w", name, err)
	}
	open, ok := bytes.CutSuffix(bytes.TrimSpace(data), []byte("}"))
	if !ok {
		return nil, fmt.Errorf("add section %s: the data is not a JSON object", name)
	}
	with := make([]byte, 0, len(open)+len(name)+len(encoded)+5)
	with = append(with, open...)
	if len(bytes.TrimSpace(open)) > 1 {
		with = append(with, ',')
	}
	with = append(with, '"')
	with = append(with, name...)
	with = append(with, '"', ':')
	with = append(with, encoded...)
	return append(with, '}'), nil
}
