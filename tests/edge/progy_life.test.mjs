// The full life of a course with the real command line against the worker: the very tests of the
// native server.
process.env.KONTOR_TEST_TARGET = 'edge';
for (const name of ['progy_life', 'progy_services', 'purchases']) await import(`../process/${name}.test.mjs`);
