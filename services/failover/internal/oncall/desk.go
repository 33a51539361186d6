package oncall

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"time"
)

// deskSettings is how to reach failover's interface for people. fxctl sets them.
type deskSettings struct {
	URL   string `env:"FAILOVER_DESK"`
	CA    string `env:"FAILOVER_DESK_CA"` // the file of what signs its certificate
	Token string `env:"FAILOVER_DESK_TOKEN,unset"`
}

// deskBound bounds one command: the interface waits some seconds for the plan.
const deskBound = 15 * time.Second

// command gives a command with the person's token, and returns its id.
func (d deskSettings) command(ctx context.Context, r request) (id string, err error) {
	transport, err := d.transport()
	if err != nil {
		return "", &fault{exitUsage, err}
	}
	defer transport.CloseIdleConnections()
	body, err := json.Marshal(map[string]string{"command": r.command, "provider": r.provider, "instance": r.instance, "reason": r.why})
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, deskBound)
	defer cancel()
	ask, err := http.NewRequestWithContext(ctx, http.MethodPost, d.URL+"/v1/sessions/commands", bytes.NewReader(body))
	if err != nil {
		return "", &fault{exitUsage, err}
	}
	ask.Header.Set("Content-Type", "application/json")
	ask.Header.Set("Authorization", "Bearer "+d.Token)
	answer, err := (&http.Client{Transport: transport}).Do(ask)
	if err != nil {
		return "", &fault{exitUnreachable, fmt.Errorf("failover's interface does not answer; in an emergency: -break-glass: %w", err)}
	}
	defer func() { _ = answer.Body.Close() }()
	var said struct {
		ID     string `json:"command_id"`
		Detail string
	}
	if err := json.NewDecoder(answer.Body).Decode(&said); err != nil {
		return "", &fault{exitUnreachable, fmt.Errorf("read failover's answer: %w", err)}
	}
	switch {
	case answer.StatusCode < http.StatusBadRequest:
		return said.ID, nil
	case answer.StatusCode >= http.StatusInternalServerError:
		return "", faultf(exitUnreachable, "%s; in an emergency: -break-glass", said.Detail)
	}
	return "", faultf(exitRefused, "refused: %s", said.Detail)
}

func (d deskSettings) transport() (*http.Transport, error) {
	roots, err := x509.SystemCertPool()
	if err != nil {
		roots = x509.NewCertPool()
	}
	if d.CA != "" {
		text, err := os.ReadFile(d.CA)
		if err != nil {
			return nil, fmt.Errorf("FAILOVER_DESK_CA: %w", err)
		}
		if !roots.AppendCertsFromPEM(text) {
			return nil, errors.New("FAILOVER_DESK_CA is not PEM")
		}
	}
	return &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}, nil
}
