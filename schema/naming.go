package schema

import (
	"fmt"
	"go/token"
	"strings"
	"unicode"
)

// exportName makes an exported Go name of a text: story_points becomes
// StoryPoints, in-progress InProgress, parentId ParentID. The result may fail
// to be an identifier (for 2nd, say); the checks on names find that.
func exportName(s string) string {
	var b strings.Builder
	for _, word := range words(s) {
		b.WriteString(exportWord(word))
	}
	return b.String()
}

// words splits at everything that is neither letter nor digit, and where a
// capital follows a small letter or a digit.
func words(s string) []string {
	var list []string
	start, previous := -1, ' '
	for i, r := range s {
		inWord := unicode.IsLetter(r) || unicode.IsDigit(r)
		hump := inWord && unicode.IsUpper(r) && (unicode.IsLower(previous) || unicode.IsDigit(previous))
		if start >= 0 && (!inWord || hump) {
			list = append(list, s[start:i])
			start = -1
		}
		if inWord && start < 0 {
			start = i
		}
		previous = r
	}
	if start >= 0 {
		list = append(list, s[start:])
	}
	return list
}

func exportWord(word string) string {
	upper := strings.ToUpper(word)
	if isInitialism(upper) {
		return upper
	}
	if singular, ok := strings.CutSuffix(upper, "S"); ok && isInitialism(singular) {
		return singular + "s"
	}
	r := []rune(word)
	return string(unicode.ToUpper(r[0])) + string(r[1:])
}

// isInitialism reports whether Go writes the word in capitals throughout.
func isInitialism(upper string) bool {
	switch upper {
	case "API", "ASCII", "CLI", "CPU", "CSS", "DNS", "EOF", "HTML", "HTTP", "HTTPS", "ID", "IP", "JSON", "QPS",
		"RAM", "RPC", "SDK", "SHA", "SLA", "SMTP", "SQL", "SSH", "TCP", "TLS", "TTL", "UDP", "UI", "UID", "URI",
		"URL", "UTC", "UTF8", "UUID", "VM", "XML", "XSS", "YAML":
		return true
	}
	return false
}

// exportedNameProblem says why s cannot be the exported Go name of something,
// or "".
func exportedNameProblem(s string) string {
	switch {
	case s == "":
		return "is empty"
	case len(s) > maxNameBytes:
		return fmt.Sprintf("is longer than %d bytes", maxNameBytes)
	case !isASCIIIdentifier(s):
		return "is not a Go identifier of the letters A–Z and a–z, digits and underscores"
	case s[0] < 'A' || s[0] > 'Z':
		return "does not begin with a capital letter"
	default:
		return ""
	}
}

// packageNameProblem says why s cannot be the name of a package that others
// import, and which rule it breaks; "" if nothing is wrong.
func packageNameProblem(s string) (rule, problem string) {
	switch {
	case len(s) > maxNameBytes:
		return ruleInvalidName, fmt.Sprintf("is longer than %d bytes", maxNameBytes)
	case !isASCIIIdentifier(s):
		return ruleInvalidName, "is not a Go identifier of the letters a–z and digits"
	case strings.ToLower(s) != s:
		return ruleInvalidName, "has capital letters"
	case token.IsKeyword(s):
		return ruleReservedName, "is a Go keyword"
	case isPredeclared(s):
		return ruleReservedName, "is predeclared in Go"
	case s == "_" || s == "main" || s == "init" || s == "internal" || s == "vendor" || s == "testdata":
		return ruleReservedName, "means something else to Go"
	case strings.HasSuffix(s, "_test"):
		return ruleReservedName, "is that of a package of tests"
	default:
		return "", ""
	}
}

func isASCIIIdentifier(s string) bool {
	for i := range len(s) {
		c := s[i]
		letter := c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return s != ""
}

func isPredeclared(s string) bool {
	switch s {
	case "any", "bool", "byte", "comparable", "complex64", "complex128", "error", "float32", "float64", "int", "int8",
		"int16", "int32", "int64", "rune", "string", "uint", "uint8", "uint16", "uint32", "uint64", "uintptr",
		"true", "false", "iota", "nil",
		"append", "cap", "clear", "close", "complex", "copy", "delete", "imag", "len", "make", "max", "min", "new",
		"panic", "print", "println", "real", "recover":
		return true
	}
	return false
}

// GoName returns the exported Go name that the generated code has for a text of
// documents: StoryPoints for story_points. It may fail to be an identifier, as
// for 2nd; it is "" if the text holds neither letter nor digit.
func GoName(text string) string { return exportName(text) }
