package rest_test

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"regexp"
	"testing"

	"fxcore/services/api/internal/rest"
)

// The database has no year 0. A day before 1900 is refused before it gets there.
func TestADayThatTheDatabaseDoesNotHaveIsRefused(t *testing.T) {
	b := setUp(t)
	for _, path := range []string{
		"/v1/trades?from=", "/v1/trades?to=", "/v1/settlements?from=", "/v1/settlements?to=", "/v1/reports?to=", "/v1/reports/",
	} {
		for _, day := range []string{"0000-01-01", "0001-01-01", "1899-12-31"} {
			b.call(http.MethodGet, path+day, operator, nil).is(t, http.StatusUnprocessableEntity, "invalid")
		}
		if a := b.call(http.MethodGet, path+"1900-01-01", operator, nil); a.Status != http.StatusOK && a.Status != http.StatusNotFound {
			t.Errorf("%s: %d %s", path, a.Status, a.Body)
		}
	}
	cursor := base64.RawURLEncoding.EncodeToString([]byte("0000-01-01." + id("1") + ".1.1"))
	b.call(http.MethodGet, "/v1/settlements?cursor="+cursor, operator, nil).is(t, http.StatusUnprocessableEntity, "cursor_unknown")
}

// A day in a path or a query reaches the database: each parameter says that it begins in 1900.
func TestEachParameterThatIsADayHasAFirstOne(t *testing.T) {
	text, err := rest.Document()
	if err != nil {
		t.Fatal(err)
	}
	var document struct {
		Paths map[string]map[string]struct {
			Parameters []struct {
				Name   string
				Schema struct{ Format, Pattern string }
			}
		}
	}
	if err := json.Unmarshal(text, &document); err != nil {
		t.Fatal(err)
	}
	days := 0
	for path, operations := range document.Paths {
		for method, o := range operations {
			for _, p := range o.Parameters {
				if p.Schema.Format != "date" {
					continue
				}
				days++
				if pattern, err := regexp.Compile(p.Schema.Pattern); err != nil || pattern.MatchString("0000-01-01") || !pattern.MatchString("2026-11-24") {
					t.Errorf("%s %s: %s has the pattern %q", method, path, p.Name, p.Schema.Pattern)
				}
			}
		}
	}
	if days == 0 {
		t.Error("no parameter is a day")
	}
}
