package schema

import "testing"

func TestExportName(t *testing.T) {
	for text, want := range map[string]string{
		"title":            "Title",
		"story_points":     "StoryPoints",
		"in-progress":      "InProgress",
		"In Progress":      "InProgress",
		"testStrategy":     "TestStrategy",
		"parentId":         "ParentID",
		"id":               "ID",
		"ids":              "IDs",
		"api_url":          "APIURL",
		"apiUrls":          "APIURLs",
		"userUUID":         "UserUUID",
		"HTTPServer":       "HTTPServer",
		"step2do":          "Step2do",
		"v2Beta":           "V2Beta",
		"$schema":          "Schema",
		"__x__":            "X",
		"2nd":              "2nd",
		"größe":            "Größe",
		"WontFix!":         "WontFix",
		"":                 "",
		"---":              "",
		"waiting for user": "WaitingForUser",
	} {
		if got := exportName(text); got != want {
			t.Errorf("exportName(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestHint(t *testing.T) {
	for _, test := range []struct {
		text       string
		candidates []string
		want       string
	}{
		{"titel", []string{"title", "type"}, `: did you mean "title"?`},
		{"Title", []string{"title", "type"}, `: did you mean "title"?`},
		{"xyz", []string{"title", "type"}, ": want title or type"},
		{"xyz", []string{"title", "to do", ""}, `: want title, "to do" or ""`},
		{"xyz", nil, ""},
		{"xyz", make([]string, 40), ""},
	} {
		if got := hint(test.text, test.candidates); got != test.want {
			t.Errorf("hint(%q, %q) = %q, want %q", test.text, test.candidates, got, test.want)
		}
	}
}
