package main

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"intakebot/tickets/policy"
)

// freeAddress is an address of this machine that was free a moment ago.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// patientPolicy is the shipped policy for customers quicker than people are.
func patientPolicy(t *testing.T) string {
	t.Helper()
	const slow = "messages_per_minute: 60"
	text := string(policy.ShippedFile())
	if !strings.Contains(text, slow) {
		t.Fatalf("the shipped policy has no %q", slow)
	}
	path := filepath.Join(t.TempDir(), "policy.yaml")
	if err := os.WriteFile(path, []byte(strings.Replace(text, slow, "messages_per_minute: 600", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// picture is a small PNG, different for each number.
func picture(n int) []byte {
	img := image.NewRGBA(image.Rect(0, 0, 2, 2))
	img.Set(0, 0, color.RGBA{uint8(n), uint8(n >> 8), uint8(n >> 16), 255})
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err) // writing to memory does not fail
	}
	return b.Bytes()
}
