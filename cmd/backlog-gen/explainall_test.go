package main

import (
	"go/ast"
	"go/constant"
	"go/types"
	"testing"

	"golang.org/x/tools/go/packages"

	"github.com/backlog-gen/backlog-gen/document/format"
)

// TestExplainKnowsEveryRuleOfDocuments takes the rules from the source of the
// engine, so that a new one cannot be forgotten.
func TestExplainKnowsEveryRuleOfDocuments(t *testing.T) {
	known := map[string]bool{}
	for _, rule := range documentRules() {
		known[rule.Rule] = true
	}
	found := rulesInSource(t)
	// These two the command itself says.
	found["no-items"], found["unknown-format"] = true, true
	for rule := range found {
		if !known[rule] {
			t.Errorf("explain does not know the rule %q", rule)
		}
	}
	for rule := range known {
		if !found[rule] {
			t.Errorf("no problem of documents has the rule %q, which explain explains", rule)
		}
	}
}

// rulesInSource returns what the packages of document give problems as their rules:
// what is passed for a parameter that is called rule, or put into a field of that
// name.
func rulesInSource(t *testing.T) map[string]bool {
	t.Helper()
	loaded, err := packages.Load(&packages.Config{
		Mode: packages.NeedName | packages.NeedSyntax | packages.NeedTypes | packages.NeedTypesInfo | packages.NeedImports | packages.NeedExportFile,
	}, "github.com/backlog-gen/backlog-gen/document/...")
	if err != nil {
		t.Fatal(err)
	}
	if len(loaded) == 0 || packages.PrintErrors(loaded) > 0 {
		t.Fatal("the engine does not load")
	}
	found := map[string]bool{}
	for _, pkg := range loaded {
		s := ruleSource{t: t, pkg: pkg, found: found}
		for _, file := range pkg.Syntax {
			ast.Inspect(file, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.CallExpr:
					s.call(n)
				case *ast.CompositeLit:
					s.literal(n)
				case *ast.AssignStmt:
					s.assignment(n)
				}
				return true
			})
		}
	}
	return found
}

type ruleSource struct {
	t     *testing.T
	pkg   *packages.Package
	found map[string]bool
}

// call looks for parameters that are called rule.
func (s ruleSource) call(n *ast.CallExpr) {
	signature, ok := s.pkg.TypesInfo.TypeOf(n.Fun).(*types.Signature)
	if !ok {
		return
	}
	for i := range signature.Params().Len() {
		if isRule(signature.Params().At(i)) {
			s.add(n.Args[i])
		}
	}
}

// assignment looks for fields that are called rule.
func (s ruleSource) assignment(n *ast.AssignStmt) {
	for i, left := range n.Lhs {
		field, ok := left.(*ast.SelectorExpr)
		if !ok || len(n.Rhs) != len(n.Lhs) {
			continue
		}
		if v, ok := s.pkg.TypesInfo.ObjectOf(field.Sel).(*types.Var); ok && isRule(v) {
			s.add(n.Rhs[i])
		}
	}
}

// literal looks for fields that are called rule.
func (s ruleSource) literal(n *ast.CompositeLit) {
	fields, ok := s.pkg.TypesInfo.TypeOf(n).Underlying().(*types.Struct)
	if !ok {
		return
	}
	for i, element := range n.Elts {
		field, value := fields.Field(min(i, fields.NumFields()-1)), element
		if pair, ok := element.(*ast.KeyValueExpr); ok {
			field, value = s.pkg.TypesInfo.ObjectOf(pair.Key.(*ast.Ident)).(*types.Var), pair.Value
		}
		if isRule(field) {
			s.add(value)
		}
	}
}

func isRule(v *types.Var) bool {
	return (v.Name() == "rule" || v.Name() == "Rule") && types.Identical(v.Type(), types.Typ[types.String])
}

// add takes a constant, and a kind of rule for all kinds; what a variable holds
// that is a rule itself has been taken where it was set.
func (s ruleSource) add(value ast.Expr) {
	info := s.pkg.TypesInfo
	if c := info.Types[value].Value; c != nil {
		s.found[constant.StringVal(c)] = true
		return
	}
	switch value := value.(type) {
	case *ast.Ident:
		if v, ok := info.ObjectOf(value).(*types.Var); ok && isRule(v) {
			return
		}
	case *ast.SelectorExpr:
		if v, ok := info.ObjectOf(value.Sel).(*types.Var); ok && isRule(v) {
			return
		}
	case *ast.CallExpr:
		if method, ok := value.Fun.(*ast.SelectorExpr); ok && types.TypeString(info.TypeOf(method.X), nil) == "github.com/backlog-gen/backlog-gen/document/format.RuleKind" {
			for k := format.MinLength; k <= format.UniqueItems; k++ {
				s.found[k.String()] = true
			}
			return
		}
	}
	s.t.Errorf("%s: which rules can this be?", s.pkg.Fset.Position(value.Pos()))
}
