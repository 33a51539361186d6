package bankday

import (
	"encoding/json"
	"encoding/pem"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fxcore/scripts/internal/apiclient"
)

// interfaceOf serves a core whose answer to the command is given, and whose run has the states one after the other.
func interfaceOf(t *testing.T, status int, states ...string) *apiclient.Client {
	t.Helper()
	asked := 0
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/v1/tokens":
			w.WriteHeader(http.StatusCreated)
			_, _ = w.Write([]byte(`{"token":"t"}`))
		case "/v1/days":
			w.WriteHeader(status)
			_, _ = w.Write([]byte(`{"command_id":"7"}`))
		case "/v1/jobs":
			text := `{"runs":[]}`
			if state := states[min(asked, len(states)-1)]; state != "" {
				text = `{"runs":[{"state":"` + state + `","error":"one is under way"}]}`
			}
			asked++
			if r.URL.Query().Get("command") == "7" {
				_, _ = w.Write([]byte(text))
			}
		}
	}))
	t.Cleanup(server.Close)
	folder := t.TempDir()
	users, _ := json.Marshal([]map[string]string{{"user": Operator, "secret": "s"}})
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	for name, content := range map[string][]byte{"users.json": users, "../ca.crt": certificate} {
		path := filepath.Join(folder, "secrets", name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, content, 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	client, err := apiclient.Open(server.URL, folder, Operator)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return client
}

func TestTheDayIsEndedByCommand(t *testing.T) {
	for name, test := range map[string]struct {
		client *apiclient.Client
		want   string
	}{
		"it ends":                {interfaceOf(t, http.StatusAccepted, "", "running", "finished"), ""},
		"one is under way":       {interfaceOf(t, http.StatusAccepted, "refused"), "refused: one is under way"},
		"days are not run ahead": {interfaceOf(t, http.StatusNotFound, ""), ErrNotHere.Error()},
		"no right":               {interfaceOf(t, http.StatusForbidden, ""), "status 403"},
	} {
		bank := &Bank{control: "http://127.0.0.1:1", say: func(string) {}}
		err := bank.Command(t.Context(), test.client, "test")
		if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
