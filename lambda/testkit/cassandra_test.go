package testkit_test

import (
	"net/url"
	"strings"
	"testing"

	"fxcore/lambda/testkit"
)

func TestEachTestHasAKeyspaceOfItsOwn(t *testing.T) {
	one, err := url.Parse(testkit.Cassandra(t))
	if err != nil {
		t.Fatal(err)
	}
	if other := testkit.Cassandra(t); !strings.HasPrefix(one.Path, "/test_") || strings.HasSuffix(other, one.Path) {
		t.Errorf("keyspaces %s and %s", one.Path, other)
	}
}
