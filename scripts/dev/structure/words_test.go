package structure_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
)

// business are words that a library about messages, stores and processes must not use. Settlement is not among them,
// because AMQP uses it, too.
var business = map[string]bool{
	"account": true, "amount": true, "bank": true, "client": true, "collateral": true, "counterparty": true,
	"currency": true, "deal": true, "desk": true, "exposure": true, "fix": true, "fx": true, "haircut": true, "holding": true,
	"holiday": true, "leg": true, "line": true, "linecheck": true, "mainframe": true, "notional": true, "pair": true, "price": true,
	"provider": true, "reservation": true, "spot": true, "swap": true, "tenor": true, "trade": true, "trader": true,
}

func TestWhatAllShareIsAboutNoBusiness(t *testing.T) {
	t.Parallel()
	names := 0
	for _, p := range list(t, "./lambda/...") {
		for _, name := range p.GoFiles {
			for _, id := range declared(t, filepath.Join(p.Dir, name)) {
				names++
				for _, word := range words(id.Name) {
					if business[word] || business[strings.TrimSuffix(word, "s")] {
						t.Errorf("%s/%s declares %s: %q is a word of the business", p.ImportPath, name, id.Name, word)
					}
				}
			}
		}
	}
	if names < 100 {
		t.Errorf("only %d names were looked at", names)
	}
}

// declared returns the identifiers that a file declares: types, functions, variables, fields, parameters.
func declared(t *testing.T, path string) []*ast.Ident {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var ids []*ast.Ident
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			ids = append(ids, n.Name)
		case *ast.TypeSpec:
			ids = append(ids, n.Name)
		case *ast.ValueSpec:
			ids = append(ids, n.Names...)
		case *ast.Field:
			ids = append(ids, n.Names...)
		case *ast.AssignStmt:
			if n.Tok == token.DEFINE {
				ids = append(ids, identifiers(n.Lhs)...)
			}
		}
		return true
	})
	return ids
}

func identifiers(of []ast.Expr) (ids []*ast.Ident) {
	for _, e := range of {
		if id, ok := e.(*ast.Ident); ok {
			ids = append(ids, id)
		}
	}
	return ids
}

// words splits a name at its capitals: maxLineLength becomes max, line, length; HTTPAddr becomes httpaddr.
func words(name string) []string {
	var all []string
	word := ""
	runes := []rune(name)
	for i, r := range runes {
		if unicode.IsUpper(r) && i > 0 && !unicode.IsUpper(runes[i-1]) || r == '_' {
			all, word = append(all, word), ""
		}
		if r != '_' {
			word += string(unicode.ToLower(r))
		}
	}
	return append(all, word)
}

func TestWordsOfAName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"maxLineLength": "max line length", "URL": "url", "snake_case": "snake case", "x": "x"} {
		if got := strings.Join(words(name), " "); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}
