package zhijian

import (
	"go/ast"
	"go/token"
	"regexp"
	"strings"
	"testing"
)

// TestNoInit: a package does nothing by being imported.
func TestNoInit(t *testing.T) {
	for _, s := range tree(t) {
		if s.generated {
			continue
		}
		for _, d := range s.file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
				t.Errorf("%s: init runs without a caller who could see its error; do it in New or once when it is asked for", fileSet.Position(f.Pos()))
			}
		}
	}
}

// TestContextFirst: a context is the first parameter and never lives in a struct that outlasts a call.
func TestContextFirst(t *testing.T) {
	isContext := func(e ast.Expr) bool {
		sel, ok := e.(*ast.SelectorExpr)
		if !ok {
			return false
		}
		x, ok := sel.X.(*ast.Ident)
		return ok && x.Name == "context" && sel.Sel.Name == "Context"
	}
	for _, s := range tree(t) {
		if s.generated {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			f, ok := n.(*ast.FuncType)
			if !ok || f.Params == nil {
				return true
			}
			at := 0
			for _, p := range f.Params.List {
				if isContext(p.Type) && at > 0 && !(s.test && at == 1) { // a test's own t may stand before it
					t.Errorf("%s: ctx is not the first parameter", fileSet.Position(p.Pos()))
				}
				at += max(1, len(p.Names))
			}
			return true
		})
	}
}

// TestExportedIsDocumented: what a room offers says what it means.
func TestExportedIsDocumented(t *testing.T) {
	known := map[string]bool{"Error": true, "Unwrap": true, "Is": true, "String": true, "Write": true, "Close": true, "MarshalJSON": true, "UnmarshalJSON": true, "MarshalText": true, "UnmarshalText": true, "LogValue": true, "Scan": true, "Value": true, "Len": true, "Less": true, "Swap": true, "EventName": true, "EventVersion": true}
	for _, s := range tree(t) {
		if s.test || s.generated || in("testkit")(s) {
			continue
		}
		for _, d := range s.file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || !f.Name.IsExported() || f.Doc != nil || known[f.Name.Name] || !exportedReceiver(f) {
				continue
			}
			t.Errorf("%s: %s says nothing about result, absence and faults", fileSet.Position(f.Pos()), f.Name.Name)
		}
	}
}

func exportedReceiver(f *ast.FuncDecl) bool {
	if f.Recv == nil {
		return true
	}
	typ := f.Recv.List[0].Type
	if star, ok := typ.(*ast.StarExpr); ok {
		typ = star.X
	}
	if generic, ok := typ.(*ast.IndexExpr); ok {
		typ = generic.X
	}
	id, ok := typ.(*ast.Ident)
	return ok && id.IsExported()
}

// TestTestsDoNotSleep: a test waits for what it waits for; the two kinds of exception pace a loop that has an end.
func TestTestsDoNotSleep(t *testing.T) {
	for _, s := range tree(t) {
		if !s.test || s.path == "laws_code_test.go" {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			if sel, ok := call.Fun.(*ast.SelectorExpr); ok && sel.Sel.Name == "Sleep" {
				if x, ok := sel.X.(*ast.Ident); ok && x.Name == "time" {
					t.Errorf("%s: a test sleeps; wait for the condition", fileSet.Position(call.Pos()))
				}
			}
			return true
		})
	}
}

// TestSQLStaysInTheStore: all SQL stands in store; the bus reads the event table that the store lays out.
func TestSQLStaysInTheStore(t *testing.T) {
	statement := regexp.MustCompile(`(?i)^\s*(select\s.+\sfrom\s|insert\s+into\s|update\s+\w+\s+set\s|delete\s+from\s|create\s+(table|index)\s|select\s+\d)`)
	for _, s := range tree(t) {
		if s.test || s.generated || in("store", "bus", "testkit")(s) {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING && statement.MatchString(strings.Trim(lit.Value, "`\"")) {
				t.Errorf("%s: SQL outside store", fileSet.Position(lit.Pos()))
			}
			return true
		})
	}
}

// TestCatalogueHoldsNoCode: the catalogue is data; its one Go file embeds it.
func TestCatalogueHoldsNoCode(t *testing.T) {
	for _, s := range tree(t) {
		if !in("catalog")(s) {
			continue
		}
		for _, d := range s.file.Decls {
			if _, ok := d.(*ast.FuncDecl); ok {
				t.Errorf("%s: a function among the data", fileSet.Position(d.Pos()))
			}
		}
	}
}
