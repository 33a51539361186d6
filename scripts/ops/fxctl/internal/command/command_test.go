package command_test

import (
	"bytes"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fxcore/scripts/ops/fxctl/internal/command"
)

// onCall answers as monitoring does, and keeps what it was asked.
type onCall struct {
	asked []string
}

func (o *onCall) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	o.asked = append(o.asked, strings.TrimSpace(fmt.Sprint(r.Method, " ", r.URL, " ", r.Header.Get("If-Match"), " ", string(body))))
	switch {
	case r.Header.Get("Authorization") != "Bearer good":
		problem(w, http.StatusUnauthorized, "token_unknown")
	case r.URL.Path == "/v1/errors/groups":
		_, _ = io.WriteString(w, `{"items":[{"count":12000,"queue":"trading","type":"trade.authorized.v1","reason":"no \u001b[2Jrate","last_at":"2026-11-30T03:00:00.5Z","key":"abc"}],"total":12000}`)
	case r.URL.Path == "/v1/errors" && r.URL.Query().Get("group") == "none":
		_, _ = io.WriteString(w, `{"items":[],"total":0}`)
	case r.URL.Path == "/v1/errors":
		_, _ = io.WriteString(w, `{"items":[{"id":"1","state":"open","queue":"trading"}],"next":"CURSOR"}`)
	case r.URL.Path == "/v1/errors/1" && r.Method == http.MethodGet:
		w.Header().Set("ETag", `"7"`)
		_, _ = io.WriteString(w, `{"id":"1","state":"open","version":7,"body":"{\u001b[2J}\n","text":"\u001b]0;x","type":"\u001b[2J","history":[{"at":"2026-11-30T03:00:00Z","what":"failed","by":"trading/1","note":"why"}]}`)
	case r.URL.Path == "/v1/errors/1/replays":
		_, _ = io.WriteString(w, `{"id":"1","state":"replayed"}`)
	case r.URL.Path == "/v1/errors/2":
		w.Header().Set("ETag", `"1"`)
		_, _ = io.WriteString(w, `{"id":"2","state":"open"}`)
	case r.URL.Path == "/v1/errors/2/replays":
		_, _ = io.WriteString(w, `{"id":"2","state":"open","text":"still no rate"}`)
	case r.URL.Path == "/v1/health":
		_, _ = io.WriteString(w, `{"instances":[{"instance":"settlement-1","state":"ready","reasons":[],"warnings":[{"part":"due legs","text":"a leg is held"}]}]}`)
	case r.URL.Path == "/v1/settlements":
		_, _ = io.WriteString(w, `{"settlements":[{"trade_id":"t1","client":"C1","state":"failed","leg":2,"value_date":"2026-12-03","movement_id":"m1","code":"TOOLATE","attempt":2,"not_after":"2026-12-03T15:00:00Z"}]}`)
	case r.URL.Path == "/v1/movements/m1":
		w.Header().Set("ETag", `"9"`)
		_, _ = io.WriteString(w, `{"id":"m1","legs":[]}`)
	case r.URL.Path == "/v1/movements/m1/commands":
		w.WriteHeader(http.StatusAccepted)
		_, _ = io.WriteString(w, `{"command_id":"c2"}`)
	case r.URL.Path == "/v1/job-commands":
		var ordered struct{ Job string }
		_ = json.Unmarshal(body, &ordered)
		w.WriteHeader(http.StatusAccepted)
		_, _ = fmt.Fprintf(w, `{"command_id":%q}`, ordered.Job)
	case r.URL.Path == "/v1/jobs":
		o.jobs(w, r.URL.Query())
	case r.URL.Path == "/v1/alerts" && r.URL.Query().Get("state") == "cleared":
		_, _ = io.WriteString(w, `{"items":[]}`)
	case r.URL.Path == "/v1/alerts/disk_full:core/acknowledgements":
		w.WriteHeader(http.StatusNoContent)
	case r.URL.Path == "/v1/errors/replays":
		_, _ = io.WriteString(w, `{"matched":3,"would_replay":2,"skipped_in_all":1,"skipped":[{"id":"9","why":"it is discarded"}]}`)
	case r.URL.Path == "/v1/sessions":
		_, _ = io.WriteString(w, `{"items":[{"provider":"ALPHA","gateway":"fix","state":"serving","instance":"fix/1","home":"fix/1","standby":["fix/2"],"epoch":3}]}`)
	case r.URL.Path == "/v1/sessions/ALPHA/moves":
		w.WriteHeader(http.StatusAccepted)
		_, _ = io.WriteString(w, `{"command_id":"1","taken":true}`)
	case r.URL.Path == "/v1/drains":
		problem(w, http.StatusConflict, "command_refused")
	case r.URL.Path == "/v1/traces":
		_, _ = io.WriteString(w, `{"traces":[{"story":"s1","entry":"trade.requested","services":["fix","auth"],"trace_id":"t1"}]}`)
	case r.URL.Path == "/v1/traces/s1":
		_, _ = io.WriteString(w, `{"spans":[{"at_us":0,"duration_us":5,"service":"fix","name":"trade.requested","origin":"fix","message_id":"m1","causation_id":"m0"}]}`)
	case r.URL.Path == "/v1/trades/1/original":
		_, _ = io.WriteString(w, `{"originals":[{"protocol":"FIX.4.4","sequence":7,"bytes":"MzU9RAE1NT1FVVIvVVNEAQ=="}]}`)
	case r.URL.Path == "/v1/alerts":
		problem(w, http.StatusForbidden, "no_right")
	case r.URL.Path == "/v1/logs":
		problem(w, http.StatusServiceUnavailable, "unavailable")
	default:
		problem(w, http.StatusNotFound, "not_found")
	}
}

// jobs answers what became of the command that is named as its job: a service has started "reconcile" and has stopped the run "long", it has refused
// "twice", and nobody has a job "nosuch".
func (o *onCall) jobs(w io.Writer, q url.Values) {
	runs := map[string]string{
		"command=reconcile": `{"id":"r1","state":"running"}`, "command=twice": `{"id":"r2","state":"refused","error":"the run is under way"}`,
		"job=long&limit=1&state=running": `{"id":"r3","state":"running"}`, "job=long&limit=20": `{"id":"r3","state":"failed"}`,
	}[q.Encode()]
	_, _ = fmt.Fprintf(w, `{"runs":[%s]}`, runs)
}

func problem(w http.ResponseWriter, status int, code string) {
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, `{"code":%q,"detail":"why not","trace_id":"t"}`, code)
}

// core serves on-call for a test, and tells fxctl where.
func core(t *testing.T, token string) *onCall {
	t.Helper()
	o := &onCall{}
	server := httptest.NewTLSServer(o)
	t.Cleanup(server.Close)
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{
		"FXCTL_OPERATIONS": server.URL, "FXCTL_API": server.URL, "FXCTL_CA": ca, "FXCTL_TOKEN": token, "FXCORE_ROOT": t.TempDir(),
	} {
		t.Setenv(name, value)
	}
	return o
}

func call(t *testing.T, words string) (code int, out, complaints string) {
	t.Helper()
	var o, c bytes.Buffer
	code = command.Run(t.Context(), strings.Fields(words), strings.NewReader(`{"edited":true}`), &o, &c)
	return code, o.String(), c.String()
}

// Each row: what is called, the exit code, and what the table or the complaint says.
func TestWhatACommandSaysAndItsExitCode(t *testing.T) {
	core(t, "good")
	for words, want := range map[string]struct {
		code int
		says string
	}{
		"errors groups":                                  {0, "12000  trading  trade.authorized.v1  no  [2Jrate  2026-11-30 03:00:00  abc"},
		"errors list":                                    {0, "--cursor CURSOR"},
		"errors list --group none":                       {0, "No such message."},
		"errors show 1":                                  {0, "trading/1"},
		"errors replay 1 --reason mended":                {0, "1: replayed"},
		"errors replay 2 --reason mended":                {1, "2 has failed again: still no rate"},
		"status":                                         {0, "a leg is held"},
		"settlements --state failed":                     {0, "2026-12-03  failed  C1      TOOLATE  2      2026-12-03 15:00:00               t1     2    m1"},
		"settlements retry m1 --reason paid":             {0, "retry of m1"},
		"settlements by-hand m1 --reason paid":           {2, "reference"},
		"settlements found m9 --reason x --reference M1": {3, "not_found"},
		"alerts --state cleared":                         {0, "No alert has cleared"},
		"alerts ack disk_full:core --note mine":          {0, "disk_full:core: your note is kept"},
		"alerts ack disk_full:core --note mine --json":   {0, ""},
		"nonsense":                                         {2, "(fxctl -h tells how)"},
		"jobs start reconcile --reason late":               {0, "the run, which is running"},
		"jobs start reconcile --reason late --json":        {0, `"command_id": "reconcile"`},
		"jobs start twice --reason late":                   {3, "the run is under way"},
		"jobs stop long --reason wrong":                    {0, "the run, which is failed"},
		"jobs start nosuch --reason late --wait 1ms":       {1, "None has a job of this name"},
		"jobs stop nosuch --reason late --wait 1ms --json": {1, "None has a job of this name"},
		"jobs start":           {2, "(fxctl jobs start -h tells how)"},
		"jobs start reconcile": {2, "(fxctl jobs start -h tells how)"},
		"errors replay 1 9 --reason mended --dry-run":      {0, "2 would be replayed, 0 discarded, 1 skipped. Nothing was done."},
		"errors replay --group abc --reason mended --json": {0, `"would_replay": 2`},
		"errors replay 1":                         {2, "reason"},
		"errors replay --reason mended":           {2, "name messages, or a group"},
		"errors show":                             {2, "arg"},
		"errors list --nonsense":                  {2, "nonsense"},
		"trades show 1":                           {3, "not_found"},
		"trades original 1":                       {0, "35=D|55=EUR/USD|"},
		"trace REFERENCE-7":                       {0, "trade.requested  fix                         m1  m0"},
		"trace search":                            {0, "trade.requested  fix, auth  s1  t1"},
		"sessions":                                {0, "ALPHA     fix      serving  fix/1     fix/1  fix/2    3"},
		"sessions move ALPHA fix-2 --reason slow": {0, "move: accepted"},
		"sessions move ALPHA fix-2":               {2, "reason"},
		"sessions drain fix-1 --reason update":    {3, "command_refused"},
		"logs":                                    {4, "cannot be reached"},
		"alerts":                                  {5, "no_right"},
		"--help":                                  {0, "Exit codes"},
		"completion bash":                         {0, "__start_fxctl"},
		"failover --help":                         {0, "drain INSTANCE"},
	} {
		code, out, complaints := call(t, words)
		if code != want.code || !strings.Contains(out+complaints, want.says) {
			t.Errorf("fxctl %s: %d, want %d %q:\n%s%s", words, code, want.code, want.says, out, complaints)
		}
		if strings.Contains(out+complaints, "\x1b") {
			t.Errorf("fxctl %s hands a control character to the terminal", words)
		}
	}
}

// The help teaches: each command that does something has an example, which begins as it is called.
func TestEveryCommandHasAnExample(t *testing.T) {
	var walk func(words string)
	walk = func(words string) {
		_, help, _ := call(t, words+" --help")
		_, below, group := strings.Cut(help, "Available Commands:\n")
		if _, example, has := strings.Cut(help, "Examples:\n  fxctl "); words != "errors" && words != "" && !(has && strings.HasPrefix(example, words)) {
			t.Errorf("fxctl %s has no example:\n%s", words, help)
		}
		if !group {
			return
		}
		for line := range strings.Lines(below) {
			name := strings.Fields(line)
			if len(name) == 0 {
				return
			}
			if name[0] != "completion" && name[0] != "help" {
				walk(strings.TrimSpace(words + " " + name[0]))
			}
		}
	}
	walk("")
}

// A message is replayed in the version that was read a moment before, with the edited text from standard input.
func TestAReplayNamesTheVersion(t *testing.T) {
	o := core(t, "good")
	if code, out, complaints := call(t, "errors replay 1 --reason mended --body-file -"); code != 0 {
		t.Fatal(out, complaints)
	}
	want := []string{"GET /v1/errors/1", `POST /v1/errors/1/replays "7" {"body":"{\"edited\":true}","reason":"mended"}`}
	if fmt.Sprint(o.asked) != fmt.Sprint(want) {
		t.Errorf("asked %q, want %q", o.asked, want)
	}
}

// A movement is resolved as it was read a moment before.
func TestAMovementIsResolvedAsItWasSeen(t *testing.T) {
	o := core(t, "good")
	if code, out, complaints := call(t, "settlements by-hand m1 --reason cheque --reference CH-17"); code != 0 {
		t.Fatal(out, complaints)
	}
	want := []string{"GET /v1/movements/m1", `POST /v1/movements/m1/commands "9" {"action":"settle_by_hand","reason":"cheque","reference":"CH-17"}`}
	if fmt.Sprint(o.asked) != fmt.Sprint(want) {
		t.Errorf("asked %q, want %q", o.asked, want)
	}
}

func TestWithoutATokenThatCountsNothingIsDone(t *testing.T) {
	core(t, "guessed")
	if code, _, complaints := call(t, "errors groups"); code != 5 || !strings.Contains(complaints, "token_unknown") {
		t.Errorf("%d %s", code, complaints)
	}
}

// A person whom the demo does not know is not signed in. That is not a core that cannot be reached.
func TestAnUnknownPersonIsNotSignedIn(t *testing.T) {
	core(t, "")
	folder := os.Getenv("FXCORE_ROOT")
	certificate, err := os.ReadFile(os.Getenv("FXCTL_CA"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(folder, "secrets"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{"secrets/users.json": `[{"user":"U0013","password":"p"}]`, "ca.crt": string(certificate)} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for user, says := range map[string]string{"U9999": "the demo has no user U9999", "U0013": "get a token for U0013"} {
		t.Setenv("FXCTL_USER", user)
		if code, _, complaints := call(t, "status"); code != 5 || !strings.Contains(complaints, says) {
			t.Errorf("%s: %d %s", user, code, complaints)
		}
	}
	t.Setenv("FXCTL_USER", "U0013")
	t.Setenv("FXCTL_API", "https://127.0.0.1:1")
	if code, _, complaints := call(t, "status"); code != 4 {
		t.Errorf("where nobody can be asked for a token: %d %s", code, complaints)
	}
}

// failover's own command gets the words, the environment of the core, and by what the command is proven; its exit code is fxctl's.
func TestFailoversCommandIsCalled(t *testing.T) {
	core(t, "good")
	folder := t.TempDir()
	t.Setenv("FXCORE_ROOT", folder)
	for name, content := range map[string]string{
		"env/demo": "API=https://127.0.0.1:1\n", "env/failover": "AMQP_URL='amqp://here'\n", "env/breakglass": "BREAKGLASS_KEY_FILE='/the/key'\n",
		"bin/failover": "#!/bin/sh\necho \"$AMQP_URL $FAILOVER_DESK_TOKEN $BREAKGLASS_KEY_FILE $*\"\nexit 3\n",
	} {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o700); err != nil { //nolint:gosec // a program of the test
			t.Fatal(err)
		}
	}
	for words, want := range map[string]string{
		"failover --json drain fix/1 -why update":         "amqp://here good  -json drain fix/1 -why update\n",
		"failover drain fix/1 --break-glass -why trouble": "amqp://here  /the/key -break-glass drain fix/1 -why trouble\n",
		"failover status": "amqp://here   status\n",
	} {
		if code, out, complaints := call(t, words); code != 3 || out != want {
			t.Errorf("%s: %d %q %s, want %q", words, code, out, complaints, want)
		}
	}
	t.Setenv("FXCTL_TOKEN", "guessed")
	if code, out, _ := call(t, "failover drain fix/1 -why update"); code != 5 || out != "" {
		t.Errorf("with a guessed token: %d %q", code, out)
	}
}
