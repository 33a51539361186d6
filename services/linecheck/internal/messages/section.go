package messages

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// With adds a section to the data of a message; what is there stays as it is, byte for byte, read or not.
func With(data json.RawMessage, name string, section any) (json.RawMessage, error) {
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
