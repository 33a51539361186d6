package amqptest

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fxcore/lambda/amqp"
	"fxcore/lambda/signing"
)

// seed is the key with which everybody signs in tests.
const seed = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

// proofKey is how everybody knows again what failed in tests.
const proofKey = "the key of proofs of all programs in tests"

// Impersonate lets a bus speak for each program of the core.
func Impersonate(t testing.TB, cfg *amqp.Config) {
	t.Helper()
	cfg.Impersonates, cfg.SigningKey = declared(t), seed
}

// Trust lets a bus believe each program of the core, as in production, and nobody else.
func Trust(t testing.TB, cfg *amqp.Config) {
	t.Helper()
	Impersonate(t, cfg)
	publishers, err := amqp.ParsePublishers(cfg.Impersonates)
	if err != nil {
		t.Fatal(err)
	}
	key, err := signing.ParseKey(seed)
	if err != nil {
		t.Fatal(err)
	}
	own := []signing.PublicKey{key.Public()}
	signers := amqp.Signers{"breakglass": own}
	for _, users := range publishers {
		for _, user := range users {
			signers[user] = own
		}
	}
	keys, err := json.Marshal(signers)
	if err != nil {
		t.Fatal(err)
	}
	cfg.Publishers, cfg.Signers, cfg.ProofKeys = cfg.Impersonates, string(keys), proofKey
}

// Environment is Trust for a process: its settings, NAME=value.
func Environment(t testing.TB) []string {
	t.Helper()
	var cfg amqp.Config
	Trust(t, &cfg)
	return []string{
		"AMQP_PROOF_KEYS=" + cfg.ProofKeys, "AMQP_PUBLISHERS=" + cfg.Publishers, "AMQP_IMPERSONATES=" + cfg.Impersonates, "AMQP_SIGNERS=" + cfg.Signers, "AMQP_SIGNING_KEY=" + cfg.SigningKey,
	}
}

// Setenv sets what a program at this broker reads from its environment, until the test ends.
func Setenv(t *testing.T, brokerURL string) {
	t.Helper()
	t.Setenv("AMQP_URL", brokerURL)
	t.Setenv("BREAKGLASS_KEY", seed) // of commands in an emergency
	for _, line := range Environment(t) {
		name, value, _ := strings.Cut(line, "=")
		t.Setenv(name, value)
	}
}

// declared is who publishes what, from the programs' own declarations.
func declared(t testing.TB) string {
	t.Helper()
	folder, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			break
		}
		if folder == filepath.Dir(folder) {
			t.Fatal("the test does not run in the project")
		}
		folder = filepath.Dir(folder)
	}
	text, err := os.ReadFile(filepath.Join(folder, "stack", "rabbitmq", "publishers.json")) //nolint:gosec // a file of the project
	if err != nil {
		t.Fatalf("%v: run make generate", err)
	}
	return string(text)
}
