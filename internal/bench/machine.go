package main

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
)

// machine says what the figures were measured with and on.
type machine struct {
	software, hardware string
}

// thisMachine describes this machine and the file system of a directory, as far
// as the system tells.
func thisMachine(dir string) machine {
	m := machine{
		software: runtime.Version(),
		hardware: fmt.Sprintf("%s/%s, %s, %s", runtime.GOOS, runtime.GOARCH, processor(), plural(runtime.NumCPU(), "core")),
	}
	if kind := fileSystem(dir); kind != "" {
		m.hardware += ", files on " + kind
	}
	if load, _, ok := strings.Cut(strings.Join(lines("/proc/loadavg"), ""), " "); ok {
		m.hardware += ", load average " + load + " at the start"
	}
	if peers := peerVersions(); peers != "" {
		m.software += ", " + peers + ","
	}
	return m
}

// processor returns the model of the processor.
func processor() string {
	for _, line := range lines("/proc/cpuinfo") {
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return "processor unknown"
}

// fileSystem returns the kind of file system that a directory is on.
func fileSystem(dir string) string {
	dir, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return ""
	}
	kind, longest := "", 0
	for _, line := range lines("/proc/mounts") {
		fields := strings.Fields(line)
		if len(fields) < 3 {
			continue
		}
		root := strings.TrimSuffix(fields[1], "/") + "/"
		if strings.HasPrefix(dir+"/", root) && len(root) >= longest {
			kind, longest = fields[2], len(root)
		}
	}
	return kind
}

// lines returns the lines of a file, none where there is no such file.
func lines(name string) []string {
	f, err := os.Open(name)
	if err != nil {
		return nil
	}
	defer f.Close()
	var all []string
	for s := bufio.NewScanner(f); s.Scan(); {
		all = append(all, s.Text())
	}
	return all
}

// peerVersions lists the modules that ours is compared with.
func peerVersions() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	var versions []string
	for _, peer := range []string{"benbjohnson/immutable", "bytedance/sonic", "go-json-experiment/json"} {
		for _, module := range info.Deps {
			if module.Path == "github.com/"+peer {
				versions = append(versions, peer+" "+module.Version)
			}
		}
	}
	return strings.Join(versions, ", ")
}
