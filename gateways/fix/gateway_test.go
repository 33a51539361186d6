package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"fxcore/gateways/internal/gatewaytest"
)

const prefix = "FIX"

// These make gateways with the providers of providersFile.
var (
	usual        = gatewaytest.Kind{Prefix: prefix, Providers: providersFile}
	newGateway   = usual.New
	startGateway = usual.Start
	startPair    = usual.StartPair
)

func TestMain(m *testing.M) { gatewaytest.Main(m, prefix, main) }

// providersFile returns a provider file with a few providers of each version. All have the password "secret".
func providersFile() string {
	var entries []string
	add := func(id, more string) { entries = append(entries, providerEntry(id, more)) }
	for _, id := range []string{"ALPHA", "BETA50", "GAMMA", "DELTA", "ECHO"} {
		add(id, "")
	}
	add("NEVER", `,"reset":"never"`)
	add("ELSEWHERE", `,"addresses":["192.0.2.0/24"]`)
	add("CERTIFIED", `,"certificate":"certified.example"`)
	add("ALSO", `,"certificate":"also.example"`)
	add("SLOW", `,"throttle":{"per_second":20,"burst":5}`)
	return gatewaytest.ProvidersOf(entries...)
}

// providerEntry returns a provider with more keys. Its version is the one that its id ends with.
func providerEntry(id, more string) string {
	version := `"begin_string":"FIX.4.4"`
	if strings.HasSuffix(id, "50") {
		version = `"begin_string":"FIXT.1.1","default_appl_ver_id":"9"`
	}
	return fmt.Sprintf(`{"id":%q,%s,"sender_comp_id":%q,"target_comp_id":"FXCORE","user":%q,"password_hash":%q,"plain_text":true,"shows_limits":true,"dialect":"standard"%s}`,
		id, version, id, strings.ToLower(id), gatewaytest.CheapHash, more)
}

// expectNoPassword looks for passwords in the log and in all that the store keeps.
func expectNoPassword(g *gatewaytest.Gateway) {
	g.T.Helper()
	if strings.Contains(g.Log.String(), "secret") {
		g.T.Error("the log shows a password")
	}
	pool := g.Database()
	var kept, shown int
	row := pool.QueryRow(context.Background(), `select count(*), count(*) filter (where encode(body, 'escape') ~ 'secret|554=|925=')
		from (select body from message union all select body from answer) all_bodies`)
	if err := row.Scan(&kept, &shown); err != nil || kept == 0 || shown != 0 {
		g.T.Errorf("%d of %d messages show a password, error %v", shown, kept, err)
	}
}

// cpu ends the gateway. It returns the processor time that the gateway took from its start.
func cpu(g *gatewaytest.Gateway) time.Duration {
	process := g.Process
	g.Kill()
	return process.ProcessState.UserTime() + process.ProcessState.SystemTime()
}

// profile writes a CPU profile of the gateway to a file.
func profile(g *gatewaytest.Gateway, file string) {
	answer, err := http.Get("http://" + g.Health + "/debug/pprof/profile?seconds=4") //nolint:noctx // ends by itself
	if err != nil {
		return
	}
	defer func() { _ = answer.Body.Close() }()
	out, err := os.Create(file) //nolint:gosec // the developer's choice
	if err != nil {
		return
	}
	defer func() { _ = out.Close() }()
	_, _ = io.Copy(out, answer.Body)
}
