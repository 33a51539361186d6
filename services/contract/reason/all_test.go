package reason_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"testing"

	"fxcore/services/contract/reason"
)

// A code that is declared and not listed would be forgotten by the gateways.
func TestAllListsEachDeclaredCodeOnce(t *testing.T) {
	t.Parallel()
	var all []string
	for _, code := range reason.All() {
		all = append(all, string(code))
	}
	declared := constants(t)
	slices.Sort(all)
	slices.Sort(declared)
	if len(declared) == 0 || !slices.Equal(all, declared) {
		t.Errorf("All lists\n%q, declared are\n%q", all, declared)
	}
}

// constants reads the values of the package's constants from its source.
func constants(t *testing.T) (values []string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "reason.go", nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		constant, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		for _, value := range constant.Values {
			text, err := strconv.Unquote(value.(*ast.BasicLit).Value) //nolint:forcetypeassert // each is a literal
			if err != nil {
				t.Fatal(err)
			}
			values = append(values, text)
		}
		return false
	})
	return values
}
