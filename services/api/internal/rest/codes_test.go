package rest_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"fxcore/services/api/internal/rest"
	"fxcore/services/contract/reason"
)

// The document lists each code that the source names, and no other; and the README's table explains each.
func TestTheDocumentListsEachCode(t *testing.T) {
	t.Parallel()
	listed, named := documented(t), codesInSource(t)
	for _, code := range []reason.Code{reason.Expired, reason.Duplicate, reason.OpenIDAway} { // auth's refusals that are passed on as they are
		named = append(named, string(code))
	}
	slices.Sort(listed)
	slices.Sort(named)
	if named = slices.Compact(named); !slices.Equal(listed, named) {
		t.Errorf("the document has\n%q, the source\n%q", listed, named)
	}
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, code := range listed {
		if !strings.Contains(string(readme), "`"+code+"`") {
			t.Errorf("the README does not explain %s", code)
		}
	}
}

func documented(t *testing.T) []string {
	t.Helper()
	text, err := rest.Document()
	if err != nil {
		t.Fatal(err)
	}
	var document struct {
		Components struct {
			Schemas struct {
				Problem struct {
					Properties struct{ Code struct{ Enum []string } }
				}
			}
		}
	}
	if err := json.Unmarshal(text, &document); err != nil {
		t.Fatal(err)
	}
	return document.Components.Schemas.Problem.Properties.Code.Enum
}

// codesInSource returns the constants whose names begin with code, and the reasons that the package names outside its list of them.
func codesInSource(t *testing.T) (codes []string) {
	t.Helper()
	reasons := reasonsByName(t)
	var files []string
	for _, folder := range []string{".", filepath.Join("..", "..", "..", "signin"), filepath.Join("..", "..", "..", "web")} {
		found, err := filepath.Glob(filepath.Join(folder, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		ast.Inspect(parse(t, name), func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ValueSpec:
				if strings.HasPrefix(strings.ToLower(n.Names[0].Name), "code") {
					codes = append(codes, literal(t, n.Values[0]))
				}
			case *ast.CallExpr:
				if f, ok := n.Fun.(*ast.SelectorExpr); ok && f.Sel.Name == "NewProblem" {
					if text, ok := n.Args[1].(*ast.BasicLit); ok {
						t.Errorf("%s: the code %s is no constant", name, text.Value)
					}
				}
			case *ast.SelectorExpr:
				if of, ok := n.X.(*ast.Ident); ok && of.Name == "reason" && n.Sel.Name != "Code" && name != "codes.go" {
					codes = append(codes, reasons[n.Sel.Name])
				}
			}
			return true
		})
	}
	return codes
}

func reasonsByName(t *testing.T) map[string]string {
	t.Helper()
	values := map[string]string{}
	for _, name := range []string{"reason.go", "access.go"} {
		ast.Inspect(parse(t, filepath.Join("..", "..", "..", "contract", "reason", name)), func(n ast.Node) bool {
			if v, ok := n.(*ast.ValueSpec); ok {
				values[v.Names[0].Name] = literal(t, v.Values[0])
			}
			return true
		})
	}
	return values
}

func parse(t *testing.T, name string) *ast.File {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func literal(t *testing.T, value ast.Expr) string {
	t.Helper()
	text, err := strconv.Unquote(value.(*ast.BasicLit).Value) //nolint:forcetypeassert // each is a literal
	if err != nil {
		t.Fatal(err)
	}
	return text
}
