package config_test

import (
	"errors"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fxcore/lambda/config"
)

type store struct {
	URL   string `env:"STORE_URL,required,unset"`
	Limit int    `env:"STORE_LIMIT" envDefault:"5"`
}

type queue struct {
	URL   string        `env:"QUEUE_URL"`
	Limit time.Duration `env:"QUEUE_LIMIT" envDefault:"2s"`
}

type settings struct {
	config.Base
	Store store
	Queue queue
}

func (q *queue) Validate() error {
	if q.Limit <= 0 {
		return errors.New("QUEUE_LIMIT is not positive")
	}
	return nil
}

func (s settings) Validate() error {
	if s.Store.Limit > 100 {
		return errors.New("STORE_LIMIT is above 100")
	}
	return nil
}

func TestLoadReadsDefaultsAndValues(t *testing.T) {
	t.Setenv("STORE_URL", "here")
	t.Setenv("QUEUE_LIMIT", "3s")
	t.Setenv("LOG_LEVEL", "debug")
	got, err := config.Load[settings]()
	if err != nil {
		t.Fatal(err)
	}
	if got.Store != (store{"here", 5}) || got.Queue != (queue{"", 3 * time.Second}) {
		t.Errorf("got %+v", got)
	}
	if got.LogLevel != slog.LevelDebug || got.HealthAddr != "127.0.0.1:0" || got.Replica == "" {
		t.Errorf("base %+v", got.Base)
	}
}

func TestReplicaIsKeptWhenGivenAndMadeWhenEmpty(t *testing.T) {
	for given, want := range map[string]string{"": "-", "two": "two"} {
		t.Setenv("STORE_URL", "here")
		t.Setenv("REPLICA", given)
		got, err := config.Load[settings]()
		if err != nil || !strings.Contains(got.Replica, want) {
			t.Errorf("REPLICA=%q gives %q, error %v", given, got.Replica, err)
		}
	}
}

func TestSecretLeavesTheEnvironment(t *testing.T) {
	t.Setenv("STORE_URL", "secret")
	if _, err := config.Load[settings](); err != nil {
		t.Fatal(err)
	}
	if _, still := os.LookupEnv("STORE_URL"); still {
		t.Fatal("STORE_URL is still in the environment")
	}
}

func TestAValueMayLieInAFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "url")
	if err := os.WriteFile(file, []byte("from the file\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("STORE_URL_FILE", file)
	got, err := config.Load[settings]()
	if err != nil || got.Store.URL != "from the file" {
		t.Fatalf("got %q, error %v", got.Store.URL, err)
	}
}

func TestErrorsNameTheVariableAndNeverTheValue(t *testing.T) {
	const hidden = "swordfish"
	for name, test := range map[string]struct {
		environment map[string]string
		says        []string
	}{
		"missing":            {nil, []string{"STORE_URL is not set"}},
		"not a number":       {map[string]string{"STORE_URL": "x", "STORE_LIMIT": hidden}, []string{"STORE_LIMIT", "int"}},
		"several":            {map[string]string{"STORE_LIMIT": hidden, "QUEUE_LIMIT": hidden}, []string{"STORE_URL", "STORE_LIMIT", "QUEUE_LIMIT"}},
		"level":              {map[string]string{"STORE_URL": "x", "LOG_LEVEL": hidden}, []string{"LOG_LEVEL"}},
		"not valid together": {map[string]string{"STORE_URL": "x", "STORE_LIMIT": "101"}, []string{"STORE_LIMIT is above 100"}},
		"part not valid":     {map[string]string{"STORE_URL": "x", "QUEUE_LIMIT": "0s"}, []string{"QUEUE_LIMIT is not positive"}},
		"file and value":     {map[string]string{"STORE_URL": hidden, "STORE_URL_FILE": "/f"}, []string{"STORE_URL and STORE_URL_FILE"}},
		"no such file":       {map[string]string{"STORE_URL_FILE": "/no/such/file"}, []string{"STORE_URL_FILE", "/no/such/file"}},
	} {
		t.Run(name, func(t *testing.T) {
			for key, value := range test.environment {
				t.Setenv(key, value)
			}
			_, err := config.Load[settings]()
			if err == nil || strings.Contains(err.Error(), hidden) {
				t.Fatalf("error: %v", err)
			}
			for _, want := range test.says {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error %q does not say %q", err, want)
				}
			}
		})
	}
}

// TestMustLoadEndsTheProcess runs this test binary again as the program with the faulty settings.
func TestMustLoadEndsTheProcess(t *testing.T) {
	if os.Getenv("CONFIG_TEST_CHILD") != "" {
		config.MustLoad[settings]()
		return
	}
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$") //nolint:gosec // our own binary
	child.Env = append(os.Environ(), "CONFIG_TEST_CHILD=1")
	output, err := child.CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 2 || !strings.Contains(string(output), "STORE_URL is not set") {
		t.Fatalf("error %v, output %s", err, output)
	}
}
