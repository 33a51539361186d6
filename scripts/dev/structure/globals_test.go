package structure_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"testing"
)

// A package variable may be a table. It must not be state: nothing may assign to it or to a part of it.
func TestNoPackageVariableChanges(t *testing.T) {
	t.Parallel()
	for _, p := range list(t, "./lambda/...", "./services/...", "./gateways/...", "./scripts/...") {
		files := token.NewFileSet()
		var parsed []*ast.File
		for _, name := range p.GoFiles {
			file, err := parser.ParseFile(files, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			parsed = append(parsed, file)
		}
		for _, id := range assigned(p.ImportPath, files, parsed) {
			t.Errorf("%s: %s is a package variable and is assigned to", files.Position(id.Pos()), id.Name)
		}
	}
}

func TestAnAssignmentToAPackageVariableIsFound(t *testing.T) {
	t.Parallel()
	const source = `package p
		import "example.org/unknown"
		var table = map[string]int{}
		var count int
		var shadowed int
		func f() { shadowed := 1; shadowed++; table["a"] = 1; count++; other := unknown.New(); other.field = 2 }`
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, "p.go", source, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	found := assigned("p", files, []*ast.File{file})
	if len(found) != 2 || found[0].Name != "table" || found[1].Name != "count" {
		t.Fatalf("found %v", found)
	}
}

// assigned returns the package variables that are assigned to. It does not resolve imports, because it needs only
// names of the package itself.
func assigned(path string, files *token.FileSet, parsed []*ast.File) (found []*ast.Ident) {
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}}
	config := types.Config{Importer: nothing{}, Error: func(error) {}}
	pkg, _ := config.Check(path, files, parsed, info) // errors about imports are expected
	for _, file := range parsed {
		ast.Inspect(file, func(n ast.Node) bool {
			for _, target := range targets(n) {
				id := root(target)
				if v, ok := info.Uses[id].(*types.Var); ok && v.Parent() == pkg.Scope() {
					found = append(found, id)
				}
			}
			return true
		})
	}
	return found
}

func targets(n ast.Node) []ast.Expr {
	switch n := n.(type) {
	case *ast.AssignStmt:
		return n.Lhs
	case *ast.IncDecStmt:
		return []ast.Expr{n.X}
	}
	return nil
}

// root returns the variable that an expression is a part of; nil if there is none.
func root(e ast.Expr) *ast.Ident {
	for {
		switch x := e.(type) {
		case *ast.Ident:
			return x
		case *ast.IndexExpr:
			e = x.X
		case *ast.SelectorExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.ParenExpr:
			e = x.X
		default:
			return nil
		}
	}
}

// nothing is an importer that returns an empty package for every path.
type nothing struct{}

func (nothing) Import(path string) (*types.Package, error) {
	p := types.NewPackage(path, filepath.Base(path))
	p.MarkComplete()
	return p, nil
}
