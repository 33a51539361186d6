// Package icinga shows the alerts in Icinga 2: one service for each rule, with passive results that expire.
package icinga

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"fxcore/lambda/follow"
	"fxcore/lambda/log"
	"fxcore/services/monitoring/internal/alert"
)

// Config says where Icinga is. Without a URL nothing is shown there.
type Config struct {
	URL      string `env:"ICINGA_URL"` // https://host:port
	User     string `env:"ICINGA_USER" envDefault:"fxcore"`
	Password string `env:"ICINGA_PASSWORD,unset"`
	File     string `env:"ICINGA_PASSWORD_FILE"`       // file with the same password, read again when it has changed
	CA       string `env:"ICINGA_CA"`                  // the file with Icinga's certificate authority
	TTL      int    `env:"ICINGA_TTL" envDefault:"30"` // seconds for which a result counts; then Icinga itself says that there is no news
}

// Host is the name of the host in Icinga that has the services.
const Host = "fxcore"

// source names who sends the results.
const source = "fxcore monitoring"

// Exit states of a check.
const (
	ok       = 0
	warning  = 1
	critical = 2
)

// Client sends results. Show may be called by one goroutine, Fresh by any.
type Client struct {
	cfg  Config
	word *follow.File[string] // the password
	http *http.Client
	log  *slog.Logger
	now  func() time.Time

	mu    sync.Mutex
	fault error
	shown time.Time // when the last results were sent, or could not be
}

// Open returns a client. Without a CA it trusts the system's authorities.
func Open(cfg Config, log *slog.Logger, now func() time.Time) *Client {
	same := func(text string) (string, error) { return text, nil }
	c := &Client{cfg: cfg, word: follow.Setting(cfg.Password, cfg.File, same), log: log, now: now}
	trusted := &tls.Config{MinVersion: tls.VersionTLS12}
	if cfg.CA != "" {
		text, err := os.ReadFile(cfg.CA) //nolint:gosec // the setting names the file
		trusted.RootCAs = x509.NewCertPool()
		if err != nil || !trusted.RootCAs.AppendCertsFromPEM(text) {
			c.fault = fmt.Errorf("ICINGA_CA has no certificate: %w", err)
		}
	}
	c.http = &http.Client{Timeout: 3 * time.Second, Transport: &http.Transport{TLSClientConfig: trusted, MaxIdleConnsPerHost: 1, IdleConnTimeout: time.Minute}}
	return c
}

// Fresh is a health check: it fails while Icinga does not take the results.
func (c *Client) Fresh(context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.fault
}

// recently is how long it counts how the last results were taken. Of all replicas only the one that judges sends results.
const recently = 20 * time.Second

// Up is a measure: 1 if Icinga has taken the last results, 0 if not, no number if this replica has sent none for a while.
func (c *Client) Up() float64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.now().Sub(c.shown) > recently:
		return math.NaN()
	case c.fault != nil:
		return 0
	}
	return 1
}

// Show sends the state of every rule, after a sign of life for the host that has them. An error is kept for Fresh.
func (c *Client) Show(ctx context.Context, book alert.Book) {
	results := []Result{alive()}
	for _, r := range alert.Rules() {
		results = append(results, ResultOf(r, book))
	}
	var err error
	for _, result := range results {
		result.TTL = c.cfg.TTL
		if err = c.send(ctx, result); err != nil {
			break
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if (err == nil) != (c.fault == nil) && err != nil {
		c.log.Warn("icinga does not take the results", log.Error(err))
	}
	c.fault, c.shown = err, c.now()
}

// Result is what Icinga's action process-check-result takes.
type Result struct {
	Type   string `json:"type"`
	Filter string `json:"filter"`
	Exit   int    `json:"exit_status"`
	Output string `json:"plugin_output"`
	TTL    int    `json:"ttl"`
	Source string `json:"check_source"`
}

// alive is the result of the host: monitoring judges. Icinga itself says that the host is down when no more of them come.
func alive() Result {
	return Result{Type: "Host", Filter: fmt.Sprintf(`host.name=="%s"`, Host), Exit: ok, Output: "monitoring judges", Source: source}
}

// ResultOf returns the result of a rule: what fires of it, or that nothing does.
func ResultOf(r alert.Rule, book alert.Book) Result {
	result := Result{
		Type: "Service", Filter: fmt.Sprintf(`host.name=="%s" && service.name=="%s"`, Host, r.Name),
		Exit: ok, Output: "nothing fires", Source: source,
	}
	var texts []string
	for _, a := range book {
		if a.Rule == r.Name && a.State == alert.Firing {
			texts = append(texts, a.Text)
		}
	}
	if len(texts) > 0 {
		result.Exit, result.Output = warning, strings.Join(texts, "; ")
		if r.Severity == alert.Page {
			result.Exit = critical
		}
	}
	return result
}

func (c *Client) send(ctx context.Context, r Result) error {
	body, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("encode result: %w", err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.cfg.URL+"/v1/actions/process-check-result", bytes.NewReader(body))
	if err != nil {
		return errors.New("ICINGA_URL is no URL")
	}
	request.SetBasicAuth(c.cfg.User, c.word.Now())
	request.Header.Set("Accept", "application/json")
	response, err := c.http.Do(request)
	if err != nil {
		return fmt.Errorf("tell icinga: %w", err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("tell icinga: %s: no object of that name, or no right", response.Status)
	}
	return nil
}
