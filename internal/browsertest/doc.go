// Package browsertest opens what package gen/docs makes in Chromium.
package browsertest
