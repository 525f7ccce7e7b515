# Sums the closing lines of cargo test, vitest and node's test runner, and fails if nothing ran.
{ gsub(/\x1b\[[0-9;]*m/, "") }
/^test result:/ { passed += $4; failed += $6 }
/^ *Tests .*passed/ { for (i = 2; i <= NF; i++) { if ($i == "passed" || $i == "passed,") passed += $(i - 1); if ($i == "failed" || $i == "failed,") failed += $(i - 1) } }
END {
  printf "%d passed, %d failed\n", passed, failed
  exit passed == 0 || failed > 0
}
