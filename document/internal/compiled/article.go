package compiled

import "strings"

// WithArticle puts "a" or "an" before a name.
func WithArticle(name string) string {
	if name != "" && strings.ContainsRune("AEIOUaeiou", rune(name[0])) {
		return "an " + name
	}
	return "a " + name
}
