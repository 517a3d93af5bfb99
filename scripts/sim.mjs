// Plays the simulation (test/simulation).
import { startFromSource } from './from-source.mjs';

startFromSource('test/simulation/sim.ts');
