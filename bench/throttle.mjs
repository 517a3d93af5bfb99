// npm run bench:throttle: the pacer and its peers against services with limits of their own (bench/throttle).
import { startFromSource } from '../scripts/from-source.mjs';

startFromSource('bench/throttle/bench.ts');
