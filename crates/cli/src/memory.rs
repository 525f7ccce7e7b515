//! How the process takes memory from the system.

/// Makes lists of a megabyte and more go back to the system as soon as they are freed.
///
/// Left alone, the C library of GNU notices that such lists come and go, and keeps up to 64 MB for each group
/// of threads: a server of France then holds a third more than it uses (`docs/performance.md`). Elsewhere
/// nothing is changed.
pub(crate) fn return_what_is_freed() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        #[expect(unsafe_code, reason = "a parameter of the allocator, which no safe crate sets")]
        // SAFETY: called before any thread is started; it sets a number, and an older library that does not
        // know it changes nothing.
        unsafe {
            libc::mallopt(libc::M_MMAP_THRESHOLD, 1 << 20);
        }
    }
}
